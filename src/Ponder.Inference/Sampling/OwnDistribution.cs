using System.Numerics.Tensors;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Sampling;

/// <summary>
/// What the model itself says: the softmax of its logits. Tokens whose logits are -infinity, or that stand beside infinite ones, have no probability and
/// do not count for how sure it is.
/// </summary>
internal readonly ref struct OwnDistribution
{
    /// <summary>Tokens that <see cref="Confidence"/> looks at (DeepConf's code: the log-probabilities of the 20 most likely).</summary>
    private const int MostLikely = 20;

    private readonly ReadOnlySpan<float> _logits;
    private readonly float _largest;
    private readonly double _logSum;

    /// <summary>Reads a row.</summary>
    /// <param name="logits">[vocabulary], without NaN, and not all -infinity.</param>
    public OwnDistribution(ReadOnlySpan<float> logits)
    {
        _logits = logits;
        _largest = TensorPrimitives.Max(logits);
        if (float.IsPositiveInfinity(_largest))
        {
            _logSum = Entropy = Math.Log(logits.Count(_largest));        // infinite logits share all
            return;
        }
        var (sum, moment) = ExponentialSums.Apply(VectorWidths.Current, logits, _largest, 1, default);
        _logSum = Math.Log(sum);
        Entropy = _logSum - moment / sum;
    }

    /// <summary>In nats.</summary>
    public double Entropy { get; }

    /// <summary>In nats.</summary>
    public double LogProbability(float logit) => (logit == _largest ? 0 : (double)logit - _largest) - _logSum;

    /// <summary>
    /// The divergence from the uniform distribution over the V tokens that have a probability, in nats: KL(U || p) = -log V - mean(log p), which is 0 when all
    /// are as likely and grows without bound (Kang et al., arXiv 2502.18581).
    /// </summary>
    public double SelfCertainty()
    {
        if (float.IsPositiveInfinity(_largest))
            return 0;
        var (count, mean, _) = RowMoments.Apply(VectorWidths.Current, _logits, _largest);
        return _logSum - (mean - _largest) - Math.Log(count);
    }

    /// <summary>
    /// Minus the mean log-probability of the 20 most likely tokens, or of all where fewer have a probability, in nats (Fu et al., arXiv 2508.15260). The surer
    /// the model, the larger.
    /// </summary>
    /// <param name="row">The same logits, with the largest of every block.</param>
    public double Confidence(in LogitRow row)
    {
        if (float.IsPositiveInfinity(_largest))
            return _logSum;
        // Of the many blocks few reach the floor, and those alone are looked into.
        float floor = row.Maxima.Length > MostLikely ? Math.Max(float.MinValue, row.FloorOfLargest(MostLikely)) : float.MinValue;
        Span<float> best = stackalloc float[MostLikely];         // falling
        int found = 0;
        for (int block = 0; block < row.Maxima.Length; block++)
        {
            if (!(row.Maxima[block] >= floor))
                continue;
            int start = block * RowBlocks.Size;
            foreach (float logit in _logits.Slice(start, Math.Min(RowBlocks.Size, _logits.Length - start)))
            {
                if (!(logit >= floor) || (found == MostLikely && logit <= best[^1]))
                    continue;
                int place = found < MostLikely ? found++ : MostLikely - 1;
                for (; place > 0 && best[place - 1] < logit; place--)
                    best[place] = best[place - 1];
                best[place] = logit;
            }
        }
        double sum = 0;
        foreach (float logit in best[..found])
            sum += LogProbability(logit);
        return -sum / found;
    }
}
