namespace Ponder.Models.Tokenizers;

/// <summary>How a text becomes ids.</summary>
public readonly record struct EncodeOptions
{
    /// <summary>Adds what the model expects around a text: BOS, EOS, [CLS] and [SEP]. Off by default.</summary>
    public bool AddSpecial { get; init; }

    /// <summary>
    /// Recognises the names of special (control) tokens inside the text, such as <c>&lt;|im_start|&gt;</c>. Off by default:
    /// text of a user is text.
    /// </summary>
    public bool ParseSpecial { get; init; }
}

/// <summary>Turns text into token ids and back, exactly as the model was trained. Thread-safe.</summary>
public abstract class Tokenizer
{
    /// <summary>Ids run from 0 to this, exclusive.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Special ids by role.</summary>
    public abstract SpecialTokens Special { get; }

    /// <summary>Appends the ids of <paramref name="text"/> to <paramref name="ids"/>. Half a surrogate pair counts as U+FFFD.</summary>
    /// <exception cref="TokenizerException">The text has over 2^27 UTF-16 units, or a character that the vocabulary cannot express.</exception>
    public abstract void Encode(ReadOnlySpan<char> text, List<int> ids, EncodeOptions options = default);

    /// <summary>The ids of <paramref name="text"/>.</summary>
    public int[] Encode(ReadOnlySpan<char> text, EncodeOptions options = default)
    {
        var ids = new List<int>(text.Length / 3 + 8);
        Encode(text, ids, options);
        return [.. ids];
    }

    /// <summary>
    /// The token's own bytes as they enter a decoded text: what it adds when it follows other tokens (a word-start marker
    /// is a space). Of a control token: its name.
    /// </summary>
    /// <param name="id">0 to <see cref="VocabularySize"/>, exclusive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    public abstract ReadOnlyMemory<byte> BytesOf(int id);

    /// <summary>The token as the vocabulary writes it, for people to look at (<c>Ġthe</c>, <c>▁the</c>, <c>##ing</c>).</summary>
    public abstract string NameOf(int id);

    /// <summary>The id that the vocabulary gives to <paramref name="name"/> exactly as it writes it, or null.</summary>
    public abstract int? IdOf(string name);

    /// <summary>True for control tokens, which have no text of their own.</summary>
    public abstract bool IsSpecial(int id);

    /// <summary>A decoder for one stream of tokens, which emits whole characters only.</summary>
    /// <param name="skipSpecial">Leaves control tokens out of the text.</param>
    /// <param name="continues">
    /// The tokens go on after others that are decoded already: a first space is text, not the mark of a text's beginning
    /// (SentencePiece and WordPiece write one there).
    /// </param>
    public abstract StreamingDecoder CreateDecoder(bool skipSpecial = true, bool continues = false);

    /// <summary>The text of <paramref name="ids"/>. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecial = true)
    {
        var decoder = CreateDecoder(skipSpecial);
        var text = new System.Text.StringBuilder();
        foreach (int id in ids)
            text.Append(decoder.Add(id));
        return text.Append(decoder.Flush()).ToString();
    }
}

/// <summary>Special ids by role; null where the model has none.</summary>
public sealed record SpecialTokens
{
    /// <summary>Begins a text.</summary>
    public int? Bos { get; init; }

    /// <summary>Ends a text.</summary>
    public int? Eos { get; init; }

    /// <summary>Stands for what the vocabulary lacks.</summary>
    public int? Unknown { get; init; }

    /// <summary>Separates segments ([SEP]).</summary>
    public int? Separator { get; init; }

    /// <summary>Begins a classified text ([CLS]).</summary>
    public int? Classifier { get; init; }

    /// <summary>Fills up a batch.</summary>
    public int? Padding { get; init; }

    /// <summary>Hides a word ([MASK]).</summary>
    public int? Mask { get; init; }

    /// <summary>All ids that end a generation: <see cref="Eos"/>, end of turn, end of message.</summary>
    public IReadOnlySet<int> EndOfGeneration { get; init; } = new HashSet<int>();
}
