using System.Text;

namespace Ponder.Models.Tokenizers.Models;

/// <summary>
/// SentencePiece's BPE has no list of merges: two neighbours merge when together they are a token, the best score
/// first. Every cut of every token into two tokens is such a merge, ranked by the score of the whole.
/// </summary>
internal static class ScoredMerges
{
    /// <summary>Lists the merges.</summary>
    /// <param name="names">Names by id.</param>
    /// <param name="scores">Scores by id, finite.</param>
    /// <param name="isPiece">Says which ids stand for text.</param>
    public static MergeTable Build(string[] names, IReadOnlyList<float> scores, Func<int, bool> isPiece)
    {
        int[] pieces = [.. Enumerable.Range(0, names.Length).Where(isPiece)];
        var ids = new Dictionary<string, int>(pieces.Length);
        foreach (int id in pieces)
            ids.TryAdd(names[id], id);
        var lookup = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new MergeTable(pieces.Length);
        int rank = -1;
        float last = float.NaN;
        foreach (int id in pieces.OrderByDescending(id => scores[id]))
        {
            // Equal scores are equal ranks: then the leftmost merges first.
            if (scores[id] != last)
                (rank, last) = (rank + 1, scores[id]);
            string name = names[id];
            for (int cut = 1; cut < name.Length; cut++)
            {
                if (Find(name.AsSpan(0, cut)) is { } left && Find(name.AsSpan(cut)) is { } right)
                    merges.TryAdd(left, right, rank, ids[name]);
            }
        }
        return merges;

        int? Find(ReadOnlySpan<char> part)
        {
            if (lookup.TryGetValue(part, out int id))
                return id;
            // A single character without a token can still be a part of one.
            bool single = Rune.DecodeFromUtf16(part, out var rune, out int length) == System.Buffers.OperationStatus.Done && length == part.Length;
            return single ? CharacterBpe.Symbol(rune) : null;
        }
    }
}
