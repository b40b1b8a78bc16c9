using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Reasoning.Solving;

/// <summary>How a puzzle is thought through.</summary>
public sealed record SolveOptions
{
    /// <summary>Samples drawn for each puzzle, at least 1.</summary>
    public int Samples { get; init; } = 64;

    /// <summary>The seed: the same seed gives the same samples.</summary>
    public ulong Seed { get; init; }

    /// <summary>Sampling temperature; 1 is the model's own distribution.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Most tokens of a sample; longer ones are cut and count as wrong unless they are right so far.</summary>
    public int MaxTokens { get; init; } = 128;

    /// <summary>How the samples of one puzzle are drawn.</summary>
    internal GenerationOptions Generation(ulong seed) => new()
    {
        MaxTokens = MaxTokens,
        Sampling = new SamplingOptions { Temperature = Temperature, Seed = seed },
    };
}
