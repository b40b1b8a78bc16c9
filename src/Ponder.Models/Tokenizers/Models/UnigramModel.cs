using System.Text;

namespace Ponder.Models.Tokenizers.Models;

/// <summary>
/// The unigram language model: of all ways to cut a piece into tokens the one with the greatest sum of scores, found by
/// Viterbi's algorithm (Kudo, arXiv 1804.10959).
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    /// <summary>How much worse an unknown character is than the worst token (SentencePiece).</summary>
    private const float UnknownPenalty = 10;

    private readonly CharTrie _trie = new();
    private readonly List<(float Score, int Id)> _tokens = [];
    private readonly int? _unknown;
    private readonly int[]? _bytes;
    private readonly float _unknownScore;

    /// <summary>Prepares the model.</summary>
    /// <param name="tokens">The tokens that stand for text.</param>
    /// <param name="unknown">Stands for a row of characters without a token.</param>
    /// <param name="bytes">The ids of the 256 bytes, which stand for such characters instead; null without byte fallback.</param>
    public UnigramModel(IEnumerable<(string Name, float Score, int Id)> tokens, int? unknown, int[]? bytes)
    {
        float worst = 0;
        foreach (var (name, score, id) in tokens)
        {
            worst = Math.Min(worst, score);
            if (name.Length == 0 || id == unknown)
                continue;
            _trie.Add(name, _tokens.Count);
            _tokens.Add((score, id));
        }
        (_unknown, _bytes, _unknownScore) = (unknown, bytes, worst - UnknownPenalty);
    }

    /// <inheritdoc/>
    public override void Encode(ReadOnlySpan<char> piece, List<int> ids)
    {
        // best[i]: the best way to reach i; its last step came from start, with a token or -1 for an unknown character.
        var best = new (double Score, int Start, int Token)[piece.Length + 1];
        Array.Fill(best, (double.NegativeInfinity, -1, -1));
        best[0] = (0, 0, -1);
        for (int start = 0; start < piece.Length; start++)
        {
            double score = best[start].Score;
            if (double.IsNegativeInfinity(score))
                continue;                               // in the middle of a surrogate pair
            Rune.DecodeFromUtf16(piece[start..], out _, out int length);
            bool single = false;
            int node = 0;
            for (int end = start; end < piece.Length && _trie.TryStep(ref node, piece[end]);)
            {
                end++;
                if (_trie.ValueAt(node) is not (>= 0 and var token))
                    continue;
                single |= end - start == length;
                if (score + _tokens[token].Score > best[end].Score)
                    best[end] = (score + _tokens[token].Score, start, token);
            }
            if (!single && score + _unknownScore > best[start + length].Score)
                best[start + length] = (score + _unknownScore, start, -1);
        }
        Append(piece, best, ids);
    }

    private void Append(ReadOnlySpan<char> piece, (double Score, int Start, int Token)[] best, List<int> ids)
    {
        var ends = new Stack<int>();
        for (int end = piece.Length; end > 0; end = best[end].Start)
            ends.Push(end);
        bool unknown = false;
        foreach (int end in ends)
        {
            if (best[end].Token >= 0)
                ids.Add(_tokens[best[end].Token].Id);
            else if (_bytes is not null)
                AppendBytes(piece[best[end].Start..end], ids);
            else if (!unknown)
                ids.Add(_unknown ?? throw Missing(piece[best[end].Start..end]));
            unknown = best[end].Token < 0;
        }
    }

    private static TokenizerException Missing(ReadOnlySpan<char> character) =>
        new($"The vocabulary has no token for {character} and no unknown token to stand for it.");

    private void AppendBytes(ReadOnlySpan<char> character, List<int> ids)
    {
        foreach (byte value in Encoding.UTF8.GetBytes(character.ToString()))
            ids.Add(_bytes![value]);
    }
}
