using Ponder.Reasoning.Policies;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// The lowest confidence that a thought has had for a while: the least mean of token confidences over a window that slides along it. Fu et al.,
/// arXiv 2508.15260. Tokens whose confidence is not known are passed over.
/// </summary>
/// <param name="window">Tokens of a group, at least 1.</param>
internal sealed class GroupConfidence(int window)
{
    private readonly Queue<double> _group = new();
    private double _sum;
    private double _lowest = double.PositiveInfinity;

    /// <summary>The lowest mean of any full group; of fewer tokens than a group, their mean; NaN without any.</summary>
    public double Lowest => _group.Count < window ? _sum / _group.Count : _lowest;

    /// <summary>Takes the next token.</summary>
    /// <returns>Whether the group that ends with it is full, and has a mean below the threshold.</returns>
    public bool Add(ThoughtToken token, double threshold = double.NegativeInfinity)
    {
        if (float.IsNaN(token.Confidence))
            return false;
        _group.Enqueue(token.Confidence);
        _sum += token.Confidence;
        if (_group.Count > window)
            _sum -= _group.Dequeue();
        if (_group.Count < window)
            return false;
        double mean = _sum / window;
        _lowest = Math.Min(_lowest, mean);
        return mean < threshold;
    }

    /// <summary>The lowest of a whole thought.</summary>
    public static double Of(IEnumerable<ThoughtToken> tokens, int window)
    {
        var confidence = new GroupConfidence(window);
        foreach (var token in tokens)
            confidence.Add(token);
        return confidence.Lowest;
    }
}
