using System.Text;

namespace Ponder.Models.Tokenizers;

/// <summary>Joins the bytes of tokens, drops the space that marks a text's beginning, and lets whole characters out.</summary>
/// <param name="vocabulary">The tokens.</param>
/// <param name="skipSpecial">Leaves control tokens out.</param>
/// <param name="strip">Spaces to drop at the beginning of the text.</param>
internal sealed class PieceDecoder(Vocabulary vocabulary, bool skipSpecial, int strip) : StreamingDecoder
{
    // Keeps an incomplete sequence for the next call and turns what cannot be completed into U+FFFD.
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private char[] _characters = new char[32];
    private int _strip = strip;

    /// <inheritdoc/>
    public override string Add(int id)
    {
        var bytes = vocabulary.BytesOf(id).Span;
        if (skipSpecial && vocabulary.IsSpecial(id))
            return "";
        if (_strip == 0 && !HoldsTail && vocabulary.TextOf(id) is { } text)
            return text;
        for (; _strip > 0 && bytes is [(byte)' ', ..]; _strip--)
            bytes = bytes[1..];
        if (bytes.Length > 0)
            _strip = 0;
        return Complete(bytes, flush: false);
    }

    /// <inheritdoc/>
    public override string Flush() => Complete([], flush: true);

    /// <summary>True within a character.</summary>
    private bool HoldsTail => _utf8.GetCharCount([], flush: true) > 0;

    private string Complete(ReadOnlySpan<byte> bytes, bool flush)
    {
        // A held tail adds at most one U+FFFD to what the bytes themselves give.
        if (_characters.Length < bytes.Length + 4)
            _characters = new char[bytes.Length + 4];
        return new string(_characters, 0, _utf8.GetChars(bytes, _characters, flush));
    }
}
