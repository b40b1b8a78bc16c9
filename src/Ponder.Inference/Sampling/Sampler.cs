#pragma warning disable IDE0060, CA1822 // until sampling chains and the prefix tree are in
using System.Numerics.Tensors;
using Ponder.Numerics;

namespace Ponder.Inference.Sampling;

/// <summary>Draws tokens from logits. Holds buffers only: one serves any number of branches, one at a time.</summary>
internal sealed class Sampler
{
    private readonly Candidates _candidates = new();

    /// <summary>Draws one token.</summary>
    /// <param name="logits">[vocabulary].</param>
    /// <param name="options">Validated options.</param>
    /// <param name="branch">The sample's number.</param>
    /// <param name="position">The token's number within it.</param>
    /// <exception cref="PonderException">The logits hold NaN, or nothing but -infinity: the model's weights are broken.</exception>
    public int Draw(ReadOnlySpan<float> logits, SamplingOptions options, ulong branch, ulong position)
    {
        // IndexOfMax takes the first of equals, and a NaN before any number.
        int best = TensorPrimitives.IndexOfMax(logits);
        if (float.IsNaN(logits[best]) || float.IsNegativeInfinity(logits[best]))
        {
            string what = float.IsNaN(logits[best]) ? "NaN" : "no finite";
            throw new PonderException($"The model gave {what} logits; its weights are broken or overflow float32.");
        }
        if (logits[best] == 0)
            best = logits.IndexOf(0f);                          // IndexOfMax holds 0 above -0; they are equals
        if (options.Temperature == 0 || float.IsPositiveInfinity(logits[best]))
            return best;
        _candidates.Fill(logits, options.Temperature);
        TopK.Apply(_candidates, options.TopK);
        TopP.Apply(_candidates, options.TopP);
        MinP.Apply(_candidates, options.MinP);
        return _candidates.Draw(CounterRandom.Uniform(options.Seed, branch, position));
    }

    public Draw Next(ReadOnlySpan<float> logits, SamplerChain chain, ref SamplerState state, ReadOnlySpan<int> history, int prompt, ulong path, ulong position, bool details)
    {
        int id = Draw(logits, chain.Options, path, position);
        return new Draw(id, details ? (float)LogProbability(logits, id) : 0, 0, 0);
    }

    /// <summary>The log-probability (nats) of a token under the model's own distribution, before any sampling option.</summary>
    public static double LogProbability(ReadOnlySpan<float> logits, int token)
    {
        float largest = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - largest);
        return logits[token] - largest - Math.Log(sum);
    }
}
