using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Best-of-N: draws N answers and takes the one with the highest reward; of several the first. Stiennon et al., arXiv 2009.01325; Cobbe et al.,
/// arXiv 2110.14168. An answer that could not be scored is taken only when none could.
/// </summary>
/// <param name="samples">N, at least 1.</param>
public sealed class BestOfN(int samples = 16) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "best-of-n", "Takes the sample with the highest reward.", "Cobbe et al., arXiv 2110.14168", "N answers, N rewards",
        [StrategyOption.Samples(16)], values => new BestOfN(values.Whole("samples")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public bool NeedsReward => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var answers = await session.SampleAsync(samples, session.ToScore()).ConfigureAwait(false);
        return await session.BestAsync(answers).ConfigureAwait(false);
    }
}
