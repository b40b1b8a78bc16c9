using System.Numerics.Tensors;
using Ponder.Inference.Sampling.Steps;
using Ponder.Numerics;

namespace Ponder.Inference.Sampling;

/// <summary>Draws tokens from logits. Holds buffers only: one serves any number of branches, one at a time.</summary>
internal sealed class Sampler
{
    private readonly RowBuffers _rows = new();
    private readonly Candidates _candidates = new();
    private readonly Workspace _workspace = new();
    private float[] _adjusted = [];

    /// <summary>Draws one token.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="chain">The request's steps.</param>
    /// <param name="state">The branch's state, moved on.</param>
    /// <param name="history">All tokens before this one, oldest first; may be empty if the chain does not read it.</param>
    /// <param name="prompt">How many of them are prompt.</param>
    /// <param name="path">The branch's number; with the position and the chain's seed it determines the draw.</param>
    /// <param name="position">The token's number.</param>
    /// <param name="details">Computes the logarithms of the result.</param>
    /// <exception cref="PonderException">
    /// The logits hold NaN, or nothing but -infinity: the model's weights are broken. Or the logit bias forbids every token.
    /// </exception>
    public Draw Next(
        ReadOnlySpan<float> logits, SamplerChain chain, ref SamplerState state, ReadOnlySpan<int> history, int prompt, ulong path, ulong position, bool details)
    {
        var row = Read(logits, chain, history, prompt);
        int id;
        double sampled = 0;
        if (IsCertain(row, chain))
        {
            id = row.Best();
        }
        else if (chain.Filters.Length == 0)
        {
            id = row.Draw(CounterRandom.Uniform(chain.Seed, path, position));
            if (details)
                sampled = ((double)row.Logits[id] - row.Largest) * row.Scale - Math.Log(row.Total);
        }
        else
        {
            double before = Filter(ref row, chain, state);
            id = _candidates.Draw(CounterRandom.Uniform(chain.Seed, path, position), out float weight);
            if (chain.Mirostat is { } mirostat)
                state.MirostatBound = mirostat.Move(state.MirostatBound, weight / before);
            if (details)
                sampled = Math.Log(weight / _candidates.Mass);
        }
        if (!details)
            return new Draw(id, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN);
        var own = new OwnDistribution(logits);
        var unchanged = chain.LogitSteps.Length == 0 ? row : new LogitRow(logits, 1, _rows);
        return new Draw(
            id, (float)own.LogProbability(logits[id]), (float)sampled, (float)own.Entropy, (float)own.SelfCertainty(), (float)own.Confidence(unchanged));
    }

    /// <summary>The distribution that <see cref="Next"/> draws from.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="chain">The request's steps.</param>
    /// <param name="state">The branch's state; it stays.</param>
    /// <param name="history">All tokens before, oldest first.</param>
    /// <param name="prompt">How many of them are prompt.</param>
    /// <param name="ids">Receives the tokens that can be drawn, in no order; [vocabulary].</param>
    /// <param name="probabilities">Receives their probabilities, whose sum is 1; [vocabulary].</param>
    /// <returns>How many there are, at least 1.</returns>
    /// <exception cref="PonderException">As <see cref="Next"/>.</exception>
    public int Distribution(
        ReadOnlySpan<float> logits, SamplerChain chain, in SamplerState state, ReadOnlySpan<int> history, int prompt, Span<int> ids, Span<float> probabilities)
    {
        var row = Read(logits, chain, history, prompt);
        if (IsCertain(row, chain))
        {
            (ids[0], probabilities[0]) = (row.Best(), 1);
            return 1;
        }
        Filter(ref row, chain, state);
        return _candidates.CopyTo(ids, probabilities);
    }

    /// <summary>The log-probability (nats) of a token under the model's own distribution, before any sampling option.</summary>
    public static double LogProbability(ReadOnlySpan<float> logits, int token) => new OwnDistribution(logits).LogProbability(logits[token]);

    private static bool IsCertain(in LogitRow row, SamplerChain chain) => chain.Temperature == 0 || float.IsPositiveInfinity(row.Largest);

    private LogitRow Read(ReadOnlySpan<float> logits, SamplerChain chain, ReadOnlySpan<int> history, int prompt)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(logits.Length, chain.Vocabulary, nameof(logits));
        var adjusted = chain.LogitSteps.Length == 0 ? logits : Adjust(logits, chain, history, prompt);
        var row = new LogitRow(adjusted, chain.Temperature, _rows);
        if (float.IsNaN(row.Largest) || float.IsNegativeInfinity(row.Largest))
        {
            if (TensorPrimitives.Max(logits) > float.NegativeInfinity)
                throw new PonderException("LogitBias forbids every token that the model allows; leave one.");
            string what = float.IsNaN(row.Largest) ? "NaN" : "no finite";
            throw new PonderException($"The model gave {what} logits; its weights are broken or overflow float32.");
        }
        return row;
    }

    private Span<float> Adjust(ReadOnlySpan<float> logits, SamplerChain chain, ReadOnlySpan<int> history, int prompt)
    {
        if (_adjusted.Length < logits.Length)
            _adjusted = new float[logits.Length];
        var adjusted = _adjusted.AsSpan(0, logits.Length);
        logits.CopyTo(adjusted);
        foreach (var step in chain.LogitSteps)
            step.Apply(adjusted, history, prompt, _workspace);
        return adjusted;
    }

    /// <summary>Leaves in the candidates what the filters leave. Returns the mass before mirostat, if that is on.</summary>
    private double Filter(ref LogitRow row, SamplerChain chain, in SamplerState state)
    {
        _candidates.Fill(ref row, chain.Filters.Length > 0 ? chain.Filters[0].Floor(ref row, state) : float.NegativeInfinity);
        double before = 0;
        foreach (var filter in chain.Filters)
        {
            if (filter is Mirostat)
                before = _candidates.Mass;
            filter.Apply(_candidates, state);
        }
        return before;
    }
}
