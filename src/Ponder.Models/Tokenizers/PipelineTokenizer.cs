using Ponder.Models.Tokenizers.Splitting;

namespace Ponder.Models.Tokenizers;

/// <summary>
/// The way of every text: added tokens are taken out; the rest is normalized, cut by the splitters, and given to the
/// model piece by piece. All parts are immutable or safe to share.
/// </summary>
internal sealed class PipelineTokenizer(TokenizerParts parts) : Tokenizer
{
    /// <summary>UTF-16 units of a text; with room for the tables of a text that is one word.</summary>
    private const int MaxLength = 1 << 27;

    private readonly Vocabulary _vocabulary = parts.Vocabulary;
    private readonly AddedTokenFinder _asGiven = new(parts.AddedTokens.Where(token => !token.IsNormalized));
    private readonly AddedTokenFinder _normalized = new(parts.AddedTokens.Where(token => token.IsNormalized)
        .Select(token => token with { Content = parts.Normalizer?.Normalize(token.Content).ToString() ?? token.Content }));

    /// <inheritdoc/>
    public override int VocabularySize => _vocabulary.Size;

    /// <inheritdoc/>
    public override SpecialTokens Special => parts.Special;

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<char> text, List<int> ids, EncodeOptions options = default)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (text.Length > MaxLength)
            throw new TokenizerException($"The text has {text.Length} characters; {MaxLength} are the most that can be encoded at once.");
        if (options.AddSpecial)
            ids.AddRange(parts.Prefix);
        int from = 0;
        while (_asGiven.TryFind(text, from, options.ParseSpecial, out var found))
        {
            EncodeSegment(text[from..found.Start], from == 0, ids, options);
            ids.Add(found.Id);
            from = found.End;
        }
        EncodeSegment(text[from..], from == 0, ids, options);
        if (options.AddSpecial)
            ids.AddRange(parts.Suffix);
    }

    private void EncodeSegment(ReadOnlySpan<char> segment, bool atStart, List<int> ids, EncodeOptions options)
    {
        if (segment.IsEmpty)
            return;
        var text = parts.Normalizer is { } normalizer ? normalizer.Normalize(segment) : segment;
        var stages = new Stages(parts.Splitters, parts.Model, ids);
        int from = 0;
        while (_normalized.TryFind(text, from, options.ParseSpecial, out var found))
        {
            stages.Take(text[from..found.Start], atStart && from == 0);
            ids.Add(found.Id);
            from = found.End;
        }
        stages.Take(text[from..], atStart && from == 0);
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> BytesOf(int id) => _vocabulary.BytesOf(id);

    /// <inheritdoc/>
    public override string NameOf(int id) => _vocabulary.NameOf(id);

    /// <inheritdoc/>
    public override int? IdOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _vocabulary.IdOf(name);
    }

    /// <inheritdoc/>
    public override bool IsSpecial(int id) => _vocabulary.IsSpecial(id);

    /// <inheritdoc/>
    public override StreamingDecoder CreateDecoder(bool skipSpecial = true, bool continues = false) =>
        new PieceDecoder(_vocabulary, skipSpecial, continues ? 0 : parts.LeadingSpaces);
}
