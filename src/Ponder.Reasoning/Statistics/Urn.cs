namespace Ponder.Reasoning.Statistics;

/// <summary>Counts the weighted votes of many subsets of the same samples; their answers are looked up once. Used by one caller at a time.</summary>
internal sealed class Urn
{
    private readonly int[] _answer;
    private readonly double[] _right;
    private readonly double[] _sum;

    /// <summary>Prepares the count.</summary>
    /// <param name="samples">Answers, null for none, with whether they are right.</param>
    public Urn(IEnumerable<(string? Answer, bool IsCorrect)> samples)
    {
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var counts = new List<(int Samples, int Right)>();
        var answer = new List<int>();
        foreach (var (text, isCorrect) in samples)
        {
            if (text is null)
            {
                answer.Add(-1);
                continue;
            }
            if (!numbers.TryGetValue(text, out int number))
            {
                numbers[text] = number = counts.Count;
                counts.Add((0, 0));
            }
            answer.Add(number);
            counts[number] = (counts[number].Samples + 1, counts[number].Right + (isCorrect ? 1 : 0));
        }
        _answer = [.. answer];
        _right = [.. counts.Select(count => (double)count.Right / count.Samples)];
        _sum = new double[counts.Count];
    }

    /// <summary>The share of right ones among the answers with the greatest weight; 0 when nobody votes.</summary>
    /// <param name="subset">Who votes: numbers of samples.</param>
    /// <param name="weight">For every sample its weight.</param>
    public double Accuracy(int[] subset, double[] weight)
    {
        Array.Fill(_sum, double.NegativeInfinity);
        foreach (int sample in subset)
        {
            if (_answer[sample] is >= 0 and int answer)
                _sum[answer] = Math.Max(_sum[answer], 0) + weight[sample];
        }
        double most = double.NegativeInfinity;
        foreach (double sum in _sum)
            most = Math.Max(most, sum);
        if (double.IsNegativeInfinity(most))
            return 0;
        double right = 0;
        int leaders = 0;
        for (int answer = 0; answer < _sum.Length; answer++)
        {
            // Equal sums may differ in their last bits, by the order of their parts.
            if (_sum[answer] >= most - 1e-12 * Math.Abs(most))
            {
                right += _right[answer];
                leaders++;
            }
        }
        return right / leaders;
    }
}
