using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Early-stopping self-consistency: draws windows of answers, and no more once all answers of a window are the same; then the majority of all that
/// were drawn. Li et al., arXiv 2401.10480.
/// </summary>
/// <param name="samples">Most answers, at least 1.</param>
/// <param name="window">Answers of a window, at least 1.</param>
public sealed class EarlyStoppingConsistency(int samples = 40, int window = 5) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "early-stopping-consistency", "Takes the majority, and stops as soon as all samples of a window agree.", "Li et al., arXiv 2401.10480",
        "one window to N answers",
        [StrategyOption.Samples(40), StrategyOption.Whole("window", 5, "Samples that have to agree.")],
        values => new EarlyStoppingConsistency(values.Whole("samples"), values.Whole("window")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var all = new List<Thought>();
        while (all.Count < samples && session.CanDraw && session.SamplesLeft > 0)
        {
            int wanted = Math.Min(window, samples - all.Count);
            var answers = await session.SampleAsync(wanted).ConfigureAwait(false);
            all.AddRange(answers);
            // A window that the budget cut short, or a sample without an answer, agrees with nothing.
            if (answers.Count < wanted || Ballot.Count(answers, session.Problem.Answers) is [var only] && only.Thoughts.Count == window)
                break;
        }
        return Choice.ByMajority(all, session.Problem.Answers);
    }
}
