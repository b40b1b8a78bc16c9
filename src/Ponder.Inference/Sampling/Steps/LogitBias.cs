namespace Ponder.Inference.Sampling.Steps;

/// <summary>Adds to the logits of single tokens.</summary>
internal sealed class LogitBias(IReadOnlyDictionary<int, double> biases) : ILogitStep
{
    private readonly (int Id, float Bias)[] _biases = [.. biases.Select(pair => (pair.Key, (float)pair.Value))];

    public bool ReadsHistory => false;

    public void Apply(Span<float> logits, ReadOnlySpan<int> history, int prompt, Workspace workspace)
    {
        foreach (var (id, bias) in _biases)
            logits[id] = float.IsNegativeInfinity(bias) ? MathF.Min(logits[id], bias) : logits[id] + bias;     // +infinity can be forbidden too
    }
}
