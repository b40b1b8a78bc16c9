using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Probes;

/// <summary>
/// Tells from a policy's hidden states how likely the thought that it is in comes to a right answer: standardised features, then a logistic regression or a
/// small network with ReLU between its layers (LYNX, arXiv 2512.05325). It belongs to one model.
/// </summary>
public sealed class Probe
{
    private readonly float[] _mean;
    private readonly float[] _scale;
    private readonly DenseLayer[] _dense;
    private readonly double[] _strangeness;

    /// <summary>Puts a probe together.</summary>
    /// <param name="model">The name of the policy.</param>
    /// <param name="layers">Whose states are its features.</param>
    /// <param name="mean">[features].</param>
    /// <param name="scale">[features]: what a feature is divided by.</param>
    /// <param name="dense">The network; the last layer has one output.</param>
    /// <param name="strangeness">1 minus the probability of the truth, of calibration cases that it was not trained on.</param>
    internal Probe(string model, IReadOnlyList<int> layers, float[] mean, float[] scale, DenseLayer[] dense, IEnumerable<double> strangeness)
    {
        (Model, Layers, _mean, _scale, _dense) = (model, layers, mean, scale, dense);
        _strangeness = [.. strangeness.Order()];
    }

    /// <summary>The name of the policy that it belongs to.</summary>
    public string Model { get; }

    /// <summary>The layers whose states of a thought's last token are its features, as in <see cref="Sessions.SolveSession.HiddenStatesAsync"/>.</summary>
    public IReadOnlyList<int> Layers { get; }

    /// <summary>Numbers that it looks at.</summary>
    public int Features => _mean.Length;

    internal ReadOnlySpan<float> Mean => _mean;

    internal ReadOnlySpan<float> Scale => _scale;

    internal IReadOnlyList<DenseLayer> Dense => _dense;

    /// <summary>1 minus the probability that the probe gave to the truth, of the calibration cases, rising.</summary>
    public IReadOnlyList<double> Strangeness => _strangeness;

    /// <summary>A third, half and all of the way up: (9, 16, last) of 28 layers in LYNX.</summary>
    /// <param name="layers">Layers of the model.</param>
    public static IReadOnlyList<int> DefaultLayers(int layers) => [layers / 3, layers / 2, -1];

    /// <summary>The probability that the thought is right.</summary>
    /// <param name="features">[<see cref="Features"/>].</param>
    public double Of(ReadOnlySpan<float> features)
    {
        if (features.Length != Features)
            throw new ProbeException($"The probe of {Model} looks at {Features} numbers, but the hidden states are {features.Length}: it belongs to another model.");
        var x = new float[Features];
        Standardise(features, x);
        for (int i = 0; i < _dense.Length; i++)
        {
            var y = new float[_dense[i].Outputs];
            _dense[i].Apply(x, y, rectify: i < _dense.Length - 1);
            x = y;
        }
        return 1 / (1 + Math.Exp(-x[0]));
    }

    /// <summary>Which of the two, right and wrong, cannot be ruled out: the split conformal prediction set.</summary>
    /// <param name="probability">That the thought is right.</param>
    /// <param name="delta">The chance that the set misses the truth, 0 to 1, exclusive. With too few calibration cases for it nothing is ruled out.</param>
    public (bool Right, bool Wrong) SetOf(double probability, double delta)
    {
        double threshold = _strangeness.Length == 0 ? double.PositiveInfinity : ConformalThreshold.Of(_strangeness, delta);
        return (1 - probability <= threshold, probability <= threshold);
    }

    /// <summary>Throws unless the probe belongs to a policy.</summary>
    /// <exception cref="ProbeException">It belongs to another.</exception>
    public void DemandModel(string policy)
    {
        if (policy != Model)
            throw new ProbeException($"The probe was trained on the model {Model} and says nothing about {policy}; train one for it.");
    }

    internal void Standardise(ReadOnlySpan<float> features, Span<float> x)
    {
        for (int i = 0; i < x.Length; i++)
            x[i] = (features[i] - _mean[i]) / _scale[i];
    }
}
