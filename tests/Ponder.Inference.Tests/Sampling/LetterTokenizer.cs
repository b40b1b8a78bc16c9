using System.Text;
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Tests.Sampling;

/// <summary>A tokenizer whose tokens are given texts; a text is cut into the longest that fit.</summary>
internal sealed class LetterTokenizer(params string[] tokens) : Tokenizer
{
    public override int VocabularySize => tokens.Length;

    public override SpecialTokens Special { get; } = new();

    public override void Encode(ReadOnlySpan<char> text, List<int> ids, EncodeOptions options = default)
    {
        string rest = text.ToString();
        while (rest.Length > 0)
        {
            string longest = tokens.Where(token => rest.StartsWith(token, StringComparison.Ordinal)).MaxBy(token => token.Length)
                ?? throw new TokenizerException($"'{rest}' cannot be expressed.");
            ids.Add(Array.IndexOf(tokens, longest));
            rest = rest[longest.Length..];
        }
    }

    public override ReadOnlyMemory<byte> BytesOf(int id) => Encoding.UTF8.GetBytes(tokens[id]);

    public override string NameOf(int id) => tokens[id];

    public override int? IdOf(string name) => throw new NotSupportedException();

    public override bool IsSpecial(int id) => false;

    public override StreamingDecoder CreateDecoder(bool skipSpecial = true, bool continues = false) => throw new NotSupportedException();
}
