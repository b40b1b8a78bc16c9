namespace Ponder.Reasoning.Statistics;

/// <summary>
/// The accuracy of a majority vote among k of n recorded samples: the mean over all C(n, k) subsets, exactly, answers with as many votes as each
/// other having the same chance.
/// </summary>
internal static class ExactMajority
{
    /// <summary>Steps that <see cref="AccuracyAt"/> takes at most; ten million of them are a fraction of a second.</summary>
    public static double Cost(Tally tally, int k) =>
        (double)k * tally.Samples * tally.Counts.Where((_, answer) => tally.Right[answer] > 0).Sum(count => Math.Min(count, k));

    /// <summary>The chance that the vote is right.</summary>
    /// <param name="tally">The n samples by answer.</param>
    /// <param name="k">1 to n.</param>
    public static double AccuracyAt(Tally tally, int k)
    {
        var logFactorials = new LogFactorials(tally.Samples);
        double accuracy = 0;
        for (int answer = 0; answer < tally.Counts.Length; answer++)
        {
            if (tally.Right[answer] > 0)
                accuracy += tally.Right[answer] * ChanceToWin(tally, answer, k, logFactorials);
        }
        return accuracy;
    }

    // Over the votes that the answer may get: the chance of just these, times the chance that no other answer gets more, shared among those that get as many.
    private static double ChanceToWin(Tally tally, int answer, int k, LogFactorials logFactorials)
    {
        int own = tally.Counts[answer];
        double chance = 0;
        for (int votes = 1; votes <= Math.Min(own, k); votes++)
        {
            double these = logFactorials.Hypergeometric(own, tally.Samples - own, k, votes);
            if (these > 0)
                chance += these * ShareOfLead(tally, answer, votes, k - votes, logFactorials);
        }
        return chance;
    }

    // others: samples drawn that are not for the answer. chance[drawn, tied]: of having drawn so many so far, with so many answers tied for the lead.
    private static double ShareOfLead(Tally tally, int answer, int votes, int others, LogFactorials logFactorials)
    {
        int most = others / votes;                              // answers that can be tied
        var chance = new double[others + 1, most + 1];
        chance[0, 0] = 1;
        int left = tally.Samples - tally.Counts[answer];        // samples of the answers still to come
        for (int other = 0; other < tally.Counts.Length; other++)
        {
            if (other == answer)
                continue;
            int count = tally.Counts[other];
            left -= count;
            var next = new double[others + 1, most + 1];
            for (int drawn = 0; drawn <= others; drawn++)
            {
                for (int got = 0; got <= Math.Min(Math.Min(count, votes), others - drawn); got++)
                {
                    double these = logFactorials.Hypergeometric(count, left, others - drawn, got);
                    if (these == 0)
                        continue;
                    int tie = got == votes ? 1 : 0;
                    for (int tied = 0; tied + tie <= most; tied++)
                        next[drawn + got, tied + tie] += chance[drawn, tied] * these;
                }
            }
            chance = next;
        }
        // What is left are samples without an answer; the rest of the draws falls to them.
        double share = 0;
        for (int drawn = 0; drawn <= others; drawn++)
        {
            for (int tied = 0; tied <= most; tied++)
                share += chance[drawn, tied] / (tied + 1);
        }
        return share;
    }

    /// <summary>Logarithms of factorials, for chances whose parts are too large for a number.</summary>
    private sealed class LogFactorials
    {
        private readonly double[] _values;

        public LogFactorials(int most)
        {
            _values = new double[most + 1];
            for (int i = 2; i <= most; i++)
                _values[i] = _values[i - 1] + Math.Log(i);
        }

        /// <summary>The chance of just so many hits when drawing from hits and misses without putting back.</summary>
        public double Hypergeometric(int hits, int misses, int draws, int got) =>
            got > hits || draws - got > misses || got > draws
                ? 0
                : Math.Exp(Choose(hits, got) + Choose(misses, draws - got) - Choose(hits + misses, draws));

        private double Choose(int n, int k) => _values[n] - _values[k] - _values[n - k];
    }
}
