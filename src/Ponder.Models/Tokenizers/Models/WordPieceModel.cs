namespace Ponder.Models.Tokenizers.Models;

/// <summary>WordPiece: from left to right the longest token, first among those that begin a word, then among those that go on (BERT).</summary>
internal sealed class WordPieceModel(int unknown, int longestWord = WordPieceModel.LongestWord) : TokenModel
{
    /// <summary>Longer words are unknown, as in BERT's own code.</summary>
    public const int LongestWord = 100;

    private readonly CharTrie _beginnings = new();
    private readonly CharTrie _continuations = new();

    /// <summary>Adds a token as the vocabulary writes it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="id">Its id.</param>
    /// <param name="prefix">Marks a token that goes on.</param>
    public void Add(string name, int id, string prefix)
    {
        _beginnings.Add(name, id);
        if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.Ordinal))
            _continuations.Add(name.AsSpan(prefix.Length), id);
    }

    /// <summary>Adds a token that begins words.</summary>
    public void AddBeginning(ReadOnlySpan<char> text, int id) => _beginnings.Add(text, id);

    /// <summary>Adds a token that goes on.</summary>
    public void AddContinuation(ReadOnlySpan<char> text, int id) => _continuations.Add(text, id);

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        int from = ids.Count;
        bool tooLong = Length(piece) > longestWord;
        for (int start = 0; start < piece.Length;)
        {
            int end = Longest(start == 0 ? _beginnings : _continuations, piece, start, out int id);
            if (end == start || tooLong)
            {
                // One part that is not in the vocabulary makes the whole word unknown.
                ids.RemoveRange(from, ids.Count - from);
                ids.Add(unknown);
                return;
            }
            ids.Add(id);
            start = end;
        }
    }

    private static int Longest(CharTrie trie, ReadOnlySpan<char> piece, int start, out int id)
    {
        int end = start, node = 0;
        id = -1;
        for (int i = start; i < piece.Length && trie.TryStep(ref node, piece[i]); i++)
        {
            if (trie.ValueAt(node) is >= 0 and var value)
                (end, id) = (i + 1, value);
        }
        return end;
    }

    private static int Length(ReadOnlySpan<char> piece)
    {
        int length = 0;
        foreach (var _ in piece.EnumerateRunes())
            length++;
        return length;
    }
}
