using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Speculative rejection: begins many answers, scores them while they are partial and gives up the worst part alpha each time; of those that come to
/// their ends the best by reward wins. Sun et al., arXiv 2410.20290.
/// </summary>
/// <remarks>
/// The paper scores whenever memory is full. Here the lengths at which it happens are given, so that the choice does not depend on the machine: after
/// each rejection what is left may grow by 1 / (1 - alpha), as it might in a memory that had been full.
/// </remarks>
/// <param name="samples">Answers begun, at least 1.</param>
/// <param name="alpha">The part that is given up, above 0 and below 1.</param>
/// <param name="first">Tokens of each answer at the first rejection, at least 1.</param>
public sealed class SpeculativeRejection(int samples = 16, double alpha = 0.5, int first = 16) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "speculative-rejection", "Gives up the worst part of the samples at growing lengths, and takes the best of the rest.", "Sun et al., arXiv 2410.20290",
        "1 answer, and the beginnings of N",
        [
            StrategyOption.Samples(16),
            StrategyOption.Number("alpha", 0.5, "The part given up each time.", 0.01, 0.99),
            StrategyOption.Whole("first", 16, "Tokens of each sample at the first rejection."),
        ],
        values => new SpeculativeRejection(values.Whole("samples"), values.Number("alpha"), values.Whole("first")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches;

    /// <inheritdoc/>
    public bool NeedsReward => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var open = session.Fork(session.Root, samples);
        var ended = new List<Thought>();
        int length = 0;
        for (double next = first; open.Count > 0 && session.CanDraw; next /= 1 - alpha)
        {
            int? more = open.Count == 1 ? null : (int)Math.Clamp(next - length, 1, session.Settings.MaxTokens);
            await session.ExtendAsync(open, new ExtendOptions { MaxTokens = more, Hold = true }).ConfigureAwait(false);
            length += more ?? 0;
            ended.AddRange(open.Where(thought => !thought.IsOpen));
            open = await session.KeepBestAsync([.. open.Where(thought => thought.IsOpen)], 1 - alpha).ConfigureAwait(false);
        }
        return await session.BestAsync(ended).ConfigureAwait(false);
    }
}
