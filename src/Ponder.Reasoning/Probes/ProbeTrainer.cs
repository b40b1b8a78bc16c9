using System.Numerics.Tensors;
using Ponder.Inference.Sampling;

namespace Ponder.Reasoning.Probes;

/// <summary>A thought as a probe sees it, and the truth about it.</summary>
/// <param name="Features">Hidden states, the layers' one after another.</param>
/// <param name="IsRight">Whether it comes to a right answer.</param>
public sealed record ProbeExample(float[] Features, bool IsRight);

/// <summary>How a probe is trained.</summary>
public sealed record ProbeTraining
{
    /// <summary>Widths of the layers between features and answer; empty for a logistic regression. LYNX has 256 and 64.</summary>
    public IReadOnlyList<int> Hidden { get; init; } = [256, 64];

    /// <summary>Times that every example is looked at, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Examples of a step, at least 1.</summary>
    public int Batch { get; init; } = 64;

    /// <summary>Adam's step, above 0.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Part of a weight that a step of 1 takes off (decoupled, AdamW), at least 0.</summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Part of the examples that is kept out of the training for calibration, 0 to 1, exclusive.</summary>
    public double Calibration { get; init; } = 0.25;

    /// <summary>The seed of the first weights and of the order of the examples.</summary>
    public ulong Seed { get; init; }
}

/// <summary>
/// Trains probes: features scaled to mean 0 and deviation 1, cross-entropy in which right and wrong weigh the same however many there are of each, Adam (Kingma
/// and Ba, arXiv 1412.6980). The same examples and seed give the same probe.
/// </summary>
public static class ProbeTrainer
{
    /// <summary>Trains a probe and calibrates it on examples that it was not trained on.</summary>
    /// <param name="model">The name of the policy.</param>
    /// <param name="layers">Whose states the features are.</param>
    /// <param name="examples">At least four, some right and some wrong, all of one length. Those of one problem side by side.</param>
    /// <param name="training">How; null for the defaults.</param>
    /// <exception cref="ProbeException">The examples do not suffice, or differ in length, or hold a number that is not finite.</exception>
    public static Probe Train(string model, IReadOnlyList<int> layers, IReadOnlyList<ProbeExample> examples, ProbeTraining? training = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(examples);
        training ??= new ProbeTraining();
        if (training.Epochs < 1 || training.Batch < 1 || training.Hidden.Any(width => width < 1) || training.LearningRate <= 0 || training.WeightDecay < 0
            || training.Calibration is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(training), training, "Epochs, batch, widths and rates must be above 0, and the calibration's part between 0 and 1.");
        // The last part, and not a random one: examples of one problem must not be on both sides.
        int kept = Math.Clamp((int)(examples.Count * training.Calibration), 1, Math.Max(1, examples.Count - 1));
        ProbeExample[] train = [.. examples.SkipLast(kept)], calibrate = [.. examples.TakeLast(kept)];
        int rights = train.Count(example => example.IsRight);
        if (rights == 0 || rights == train.Length)
            throw new ProbeException($"A probe is trained on right and wrong thoughts: of {train.Length} to train on {rights} are right.");
        int width = train[0].Features.Length;
        if (width == 0 || examples.Any(e => e.Features.Length != width || !Array.TrueForAll(e.Features, float.IsFinite)))
            throw new ProbeException("The hidden states that a probe is trained on must be finite, and as many of each thought.");
        var (mean, scale) = Moments(train, width);
        var dense = FirstWeights([width, .. training.Hidden, 1], training.Seed);
        var probe = new Probe(model, layers, mean, scale, dense, []);
        new Run(probe, train, training, rights).Go();
        return new Probe(model, layers, mean, scale, dense, calibrate.Select(e => e.IsRight ? 1 - probe.Of(e.Features) : probe.Of(e.Features)));
    }

    private static (float[] Mean, float[] Scale) Moments(ProbeExample[] examples, int width)
    {
        var mean = new float[width];
        var scale = new float[width];
        for (int i = 0; i < width; i++)
        {
            double average = examples.Average(e => (double)e.Features[i]);
            double deviation = Math.Sqrt(examples.Average(e => Math.Pow(e.Features[i] - average, 2)));
            (mean[i], scale[i]) = ((float)average, deviation > 1e-12 ? (float)deviation : 1);       // a feature that never changes stays 0
        }
        return (mean, scale);
    }

    // Uniform within the square root of 6 / inputs, for ReLU (He et al., arXiv 1502.01852); the last layer begins by saying one half to everything.
    private static DenseLayer[] FirstWeights(int[] widths, ulong seed)
    {
        var layers = new DenseLayer[widths.Length - 1];
        for (int l = 0; l < layers.Length; l++)
        {
            layers[l] = new DenseLayer(widths[l], widths[l + 1]);
            if (l == layers.Length - 1)
                break;
            double bound = Math.Sqrt(6.0 / widths[l]);
            var weights = layers[l].Weights;
            for (int i = 0; i < weights.Length; i++)
                weights[i] = (float)((2 * CounterRandom.Uniform(seed, (ulong)l, (ulong)i) - 1) * bound);
        }
        return layers;
    }

    private sealed class Run(Probe probe, ProbeExample[] examples, ProbeTraining training, int rights)
    {
        private readonly Adam[] _adams = [.. probe.Dense.SelectMany(d => new[] { new Adam(d.Weights, training), new Adam(d.Bias, training with { WeightDecay = 0 }) })];
        private readonly float[][] _x = [new float[probe.Features], .. probe.Dense.Select(d => new float[d.Outputs])];      // what goes into each layer
        private readonly float[][] _slopes = [.. probe.Dense.Select(d => new float[d.Outputs])];

        public void Go()
        {
            int[] order = [.. Enumerable.Range(0, examples.Length)];
            int step = 0;
            for (int epoch = 0; epoch < training.Epochs; epoch++)
            {
                ulong[] keys = [.. order.Select(i => CounterRandom.Bits(training.Seed, (ulong)(1000 + epoch), (ulong)i))];
                Array.Sort(keys, order);
                foreach (int[] batch in order.Chunk(training.Batch))
                {
                    foreach (int i in batch)
                        Add(examples[i], batch.Length);
                    step++;
                    foreach (var adam in _adams)
                        adam.Step(step);
                }
            }
        }

        /// <summary>Adds an example's slopes of the loss to the gradients.</summary>
        private void Add(ProbeExample example, int batch)
        {
            var dense = probe.Dense;
            probe.Standardise(example.Features, _x[0]);
            for (int l = 0; l < dense.Count; l++)
                dense[l].Apply(_x[l], _x[l + 1], rectify: l < dense.Count - 1);
            int same = example.IsRight ? rights : examples.Length - rights;
            double weight = examples.Length / (2.0 * same) / batch;
            _slopes[^1][0] = (float)(weight * (1 / (1 + Math.Exp(-_x[^1][0])) - (example.IsRight ? 1 : 0)));
            for (int l = dense.Count - 1; l >= 0; l--)
            {
                float[] weights = _adams[2 * l].Gradient, bias = _adams[2 * l + 1].Gradient;
                if (l > 0)
                    Array.Clear(_slopes[l - 1]);
                for (int output = 0; output < dense[l].Outputs; output++)
                {
                    float slope = _slopes[l][output];
                    if (slope == 0)
                        continue;
                    var row = weights.AsSpan(output * dense[l].Inputs, dense[l].Inputs);
                    TensorPrimitives.MultiplyAdd(_x[l], slope, row, row);
                    bias[output] += slope;
                    if (l > 0)
                        TensorPrimitives.MultiplyAdd(dense[l].Row(output), slope, _slopes[l - 1], _slopes[l - 1]);
                }
                for (int i = 0; l > 0 && i < _x[l].Length; i++)
                    _slopes[l - 1][i] = _x[l][i] > 0 ? _slopes[l - 1][i] : 0;
            }
        }
    }

    /// <summary>Adam over one array of weights.</summary>
    private sealed class Adam(float[] weights, ProbeTraining training)
    {
        private const float Beta1 = 0.9f, Beta2 = 0.999f, Epsilon = 1e-8f;

        private readonly float[] _first = new float[weights.Length];
        private readonly float[] _second = new float[weights.Length];

        public float[] Gradient { get; } = new float[weights.Length];

        /// <summary>Moves the weights and clears the gradient.</summary>
        /// <param name="step">From 1.</param>
        public void Step(int step)
        {
            float rate = (float)training.LearningRate, decay = (float)(training.LearningRate * training.WeightDecay);
            float bias1 = 1 - MathF.Pow(Beta1, step), bias2 = 1 - MathF.Pow(Beta2, step);
            for (int i = 0; i < weights.Length; i++)
            {
                float g = Gradient[i];
                _first[i] += (1 - Beta1) * (g - _first[i]);
                _second[i] += (1 - Beta2) * (g * g - _second[i]);
                weights[i] -= decay * weights[i] + rate * (_first[i] / bias1) / (MathF.Sqrt(_second[i] / bias2) + Epsilon);
            }
            Array.Clear(Gradient);
        }
    }
}
