using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Early rejection: all thoughts draw the beginning of a step, a process reward scores it as far as it goes, and only the best part of them goes on.
/// Cheshmi et al., arXiv 2508.01969.
/// </summary>
/// <remarks>
/// The paper's form is a beam search of N beams that keeps N/M, completes their steps and replicates them M times, step after step:
/// <c>keep</c> 1/M, <c>tokens</c> 64, <c>rounds</c> 20, <c>replicate</c> yes. The defaults are best-of-N that gives up early: half goes after the first
/// step and half of the rest after the second, and what is left ends as it would have in best-of-N. On the embedded models' countdown, with N 64, that
/// comes within a point of best-of-N for 38% fewer tokens; keeping a quarter once saves 46% and loses two points of accuracy.
/// </remarks>
/// <param name="samples">N, at least 1.</param>
/// <param name="keep">The part that is kept each time, above 0 and at most 1; rounded up.</param>
/// <param name="rounds">Rejections, at least 1.</param>
/// <param name="tokens">Tokens of a step that are drawn before it is scored; 0 for whole steps.</param>
/// <param name="replicate">Whether those that are kept fork until there are as many as before.</param>
public sealed class EarlyRejection(int samples = 64, double keep = 0.5, int rounds = 2, int tokens = 0, bool replicate = false) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "early-rejection", "Scores beginnings of steps, gives up all but the best, and takes the best of what finishes.", "Cheshmi et al., arXiv 2508.01969",
        "the first step of N answers, the second of half, the rest of a quarter",
        [
            StrategyOption.Samples(64),
            StrategyOption.Number("keep", 0.5, "The part that is kept each time.", 0.001, 1),
            StrategyOption.Whole("rounds", 2, "Rejections."),
            StrategyOption.Whole("tokens", 0, "Tokens of a step drawn before it is scored; 0 for whole steps.", least: 0),
            StrategyOption.YesNo("replicate", false, "Whether those that are kept fork until there are as many as before."),
        ],
        values => new EarlyRejection(
            values.Whole("samples"), values.Number("keep"), values.Whole("rounds"), values.Whole("tokens"), values.IsYes("replicate")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches;

    /// <inheritdoc/>
    public bool NeedsReward => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var wholeStep = new ExtendOptions { Delimiter = session.Settings.StepDelimiter, Hold = true, Step = "step" };
        var beginning = wholeStep with { MaxTokens = tokens == 0 ? null : tokens };
        var open = session.Fork(session.Root, samples);
        var all = new List<Thought>(open);
        for (int round = 0; round < rounds && open.Count > 1 && session.CanDraw; round++)
        {
            await session.ExtendAsync(open, beginning).ConfigureAwait(false);
            open = [.. open.Where(thought => thought.IsOpen)];
            int width = open.Count;
            open = await session.KeepBestAsync(open, keep).ConfigureAwait(false);
            await session.ExtendAsync([.. open.Where(thought => !thought.Text.EndsWith(wholeStep.Delimiter, StringComparison.Ordinal))], wholeStep)
                .ConfigureAwait(false);
            if (replicate)
            {
                open = Replicate(session, [.. open.Where(thought => thought.IsOpen)], width);
                all.AddRange(open);
            }
        }
        await session.ExtendAsync(open, ExtendOptions.ToEnd with { Hold = true }).ConfigureAwait(false);
        return await session.BestAsync(all).ConfigureAwait(false);
    }

    // As many forks as there were thoughts before the rejection, shared evenly; the better ones get what is left over.
    private static List<Thought> Replicate(SolveSession session, IReadOnlyList<Thought> kept, int width)
    {
        var forks = new List<Thought>(width);
        for (int i = 0; i < kept.Count; i++)
        {
            forks.AddRange(session.Fork(kept[i], (width / kept.Count) + (i < width % kept.Count ? 1 : 0)));
            session.Release(kept[i]);
        }
        return forks;
    }
}
