using Ponder.Inference.Sampling;

namespace Ponder.Reasoning.Search;

/// <summary>A strategy's own random numbers, one after another, apart from the thoughts' draws.</summary>
/// <param name="seed">The session's seed.</param>
/// <param name="name">Which of the strategy's draws; a word of text in bits, so that no thought's number meets it.</param>
internal sealed class Dice(ulong seed, ulong name)
{
    private ulong _position;

    /// <summary>A uniform number from 0 to 1, exclusive.</summary>
    public double Next() => CounterRandom.Uniform(seed, name, _position++);
}
