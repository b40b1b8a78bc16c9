using System.Text;
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Tests.Generation;

/// <summary>A tokenizer whose tokens are any texts, those it was made with and those it is asked for; nothing can be encoded with it.</summary>
internal sealed class PieceTokenizer(params string[] pieces) : Tokenizer
{
    private readonly List<string> _pieces = [.. pieces];

    public override int VocabularySize => _pieces.Count;

    public override SpecialTokens Special { get; } = new();

    public override void Encode(ReadOnlySpan<char> text, List<int> ids, EncodeOptions options = default) => throw new NotSupportedException();

    public override ReadOnlyMemory<byte> BytesOf(int id) => Encoding.UTF8.GetBytes(_pieces[id]);

    public override string NameOf(int id) => _pieces[id];

    public override int? IdOf(string name)
    {
        if (!_pieces.Contains(name))
            _pieces.Add(name);
        return _pieces.IndexOf(name);
    }

    public override bool IsSpecial(int id) => false;

    public override StreamingDecoder CreateDecoder(bool skipSpecial = true, bool continues = false) => new Decoder(_pieces);

    private sealed class Decoder(List<string> pieces) : StreamingDecoder
    {
        public override string Add(int id) => pieces[id];

        public override string Flush() => "";
    }
}
