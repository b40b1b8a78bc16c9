using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Sampling;

/// <summary>The whole chain by the definitions of its steps, in float64, over sorted lists.</summary>
/// <param name="options">Valid options.</param>
/// <param name="breakers">Tokens that end a repetition.</param>
/// <param name="slack">A factor near 1 on every threshold, to tell what rounding may decide.</param>
internal sealed class NaiveSampler(SamplingOptions options, IReadOnlySet<int> breakers, double slack = 1)
{
    /// <summary>The probability of every token.</summary>
    public double[] Distribution(IReadOnlyList<float> logits, IReadOnlyList<int> history, int prompt, double bound)
    {
        double[] l = [.. logits.Select(x => (double)x)];
        foreach (var (id, bias) in options.LogitBias)
            l[id] += bias;
        Penalize(l, history, prompt);
        Dry(l, history);
        if (options.Temperature == 0)
        {
            var best = new double[l.Length];
            best[Array.IndexOf(l, l.Max())] = 1;
            return best;
        }
        if (options.TopNSigma > 0)
        {
            double[] finite = [.. l.Where(double.IsFinite)];
            double mean = finite.Average(), sigma = Math.Sqrt(finite.Average(x => (x - mean) * (x - mean))), largest = l.Max();
            l = [.. l.Select(x => x < largest - options.TopNSigma * sigma * slack ? double.NegativeInfinity : x)];
        }
        return Filter(l, bound);
    }

    private double[] Filter(double[] l, double bound)
    {
        double highest = l.Max();
        var left = l.Select((x, id) => (Id: id, P: Math.Exp((x - highest) / options.Temperature))).Where(t => t.P > 0)
            .OrderByDescending(t => t.P).ThenBy(t => t.Id).ToList();
        Normalize();
        if (options.TopK > 0)
            left = [.. left.Take(options.TopK)];
        Normalize();
        if (options.Typical < 1)
        {
            double entropy = -left.Sum(t => t.P * Math.Log(t.P));
            left = Reach(left.OrderBy(t => Math.Abs(-Math.Log(t.P) - entropy)).ThenBy(t => t.Id), options.Typical * slack);
            left = [.. left.OrderByDescending(t => t.P).ThenBy(t => t.Id)];
        }
        Normalize();
        if (options.TopP < 1)
            left = Reach(left, options.TopP * slack);
        Normalize();
        left = [.. left.Where(t => t.P >= options.MinP * slack * left[0].P || t == left[0])];
        Normalize();
        if (options.MirostatTau > 0)
            left = [.. left.Where(t => -Math.Log2(t.P) <= bound * slack || t.P == left[0].P)];
        Normalize();
        var exact = new double[l.Length];
        foreach (var (id, p) in left)
            exact[id] = p;
        return exact;

        void Normalize()
        {
            double sum = left.Sum(t => t.P);
            left = [.. left.Select(t => (t.Id, t.P / sum))];
        }
    }

    private static List<(int Id, double P)> Reach(IEnumerable<(int Id, double P)> tokens, double mass)
    {
        double reached = 0;
        return [.. tokens.TakeWhile(t =>
        {
            bool needed = reached < mass;
            reached += t.P;
            return needed;
        })];
    }

    private void Penalize(double[] l, IReadOnlyList<int> history, int prompt)
    {
        foreach (int id in Last(history, options.PenaltyWindow).Distinct())
            l[id] = l[id] > 0 ? l[id] / options.RepetitionPenalty : l[id] * options.RepetitionPenalty;
        foreach (var group in Last([.. history.Skip(prompt)], options.PenaltyWindow).GroupBy(id => id))
            l[group.Key] -= group.Count() * options.FrequencyPenalty + options.PresencePenalty;
    }

    private void Dry(double[] l, IReadOnlyList<int> history)
    {
        if (options.DryMultiplier == 0)
            return;
        int[] tokens = [.. Last(history, options.DryWindow)];
        var lengths = new Dictionary<int, int>();
        for (int i = 1; i < tokens.Length; i++)
        {
            if (breakers.Contains(tokens[i]))
                continue;
            int length = 0;
            while (length < i && tokens[i - 1 - length] == tokens[^(length + 1)] && !breakers.Contains(tokens[^(length + 1)]))
                length++;
            if (length >= options.DryAllowedLength)
                lengths[tokens[i]] = Math.Max(length, lengths.GetValueOrDefault(tokens[i]));
        }
        foreach (var (id, length) in lengths)
            l[id] -= options.DryMultiplier * Math.Pow(options.DryBase, length - options.DryAllowedLength);
    }

    private static IEnumerable<int> Last(IReadOnlyList<int> history, int window) => window == 0 ? history : history.TakeLast(window);
}
