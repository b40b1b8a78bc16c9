namespace Ponder.Inference.Sampling.Steps;

/// <summary>
/// "Don't repeat yourself" (p-e-w, text-generation-webui pull request 5677): where the last n tokens stood before, the token that followed them there
/// loses multiplier * base^(n - allowed length) of its logit, of the longest such n. A repetition does not reach across a sequence breaker.
/// </summary>
internal sealed class Dry(double multiplier, double @base, int allowedLength, int window, bool[] breakers) : ILogitStep
{
    /// <summary>More takes nothing more away: e^-(10000 / 100) is out of reach at the highest temperature. It keeps the logits finite.</summary>
    private const double Most = 1e4;

    public bool ReadsHistory => true;

    public void Apply(Span<float> logits, ReadOnlySpan<int> history, int prompt, Workspace workspace)
    {
        history = History.Last(history, window);
        int reach = 0;                                          // tokens since the last breaker: no repetition is longer
        while (reach < history.Length && !Breaks(history[^(reach + 1)]))
            reach++;
        if (reach < allowedLength)
            return;
        var lengths = workspace.Counts(logits.Length);
        var matches = workspace.Matches(history.Length);
        FindMatches(history, matches);
        for (int back = 1; back < history.Length; back++)
        {
            int length = Math.Min(matches[back], reach), next = history[^back];
            if (length >= allowedLength && !Breaks(next))
                lengths.Raise(next, length);
        }
        foreach (int id in lengths.Ids)
            logits[id] -= (float)Math.Min(multiplier * Math.Pow(@base, lengths[id] - allowedLength), Most);
    }

    private bool Breaks(int id) => (uint)id >= (uint)breakers.Length || breakers[id];

    /// <summary>
    /// matches[k]: how many tokens before the last k are the same as the last tokens, read backwards from both. The Z-algorithm: each token is compared
    /// a fixed number of times, however repetitive the text.
    /// </summary>
    private static void FindMatches(ReadOnlySpan<int> history, Span<int> matches)
    {
        int n = history.Length;
        int start = 0, end = 0;                                 // the match that reaches farthest back: [start, end) repeats [0, end - start)
        for (int k = 1; k < n; k++)
        {
            int length = k < end ? Math.Min(end - k, matches[k - start]) : 0;
            while (k + length < n && history[n - 1 - length] == history[n - 1 - k - length])
                length++;
            if (k + length > end)
                (start, end) = (k, k + length);
            matches[k] = length;
        }
    }
}
