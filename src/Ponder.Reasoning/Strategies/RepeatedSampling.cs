using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Repeated sampling: draws answers until the verifier finds a right one. Brown et al., arXiv 2407.21787. With an exact verifier its accuracy is
/// coverage. A verifier that can be wrong only says who may vote; without one it is a majority vote.
/// </summary>
/// <param name="samples">N, at least 1.</param>
/// <param name="round">
/// Answers drawn side by side before they are checked, at least 1: fewer save tokens, more save time.
/// </param>
/// <param name="stopAtFirst">Ends with the round that holds the first right answer; else all N are drawn and checked.</param>
public sealed class RepeatedSampling(int samples = 16, int round = 2, bool stopAtFirst = true) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "repeated-sampling", "Draws answers until one is verified; votes where nothing can be verified.", "Brown et al., arXiv 2407.21787",
        "up to N answers and their checks",
        [
            StrategyOption.Samples(16),
            StrategyOption.Whole("round", 2, "Answers drawn before they are checked."),
            StrategyOption.YesNo("stop-at-first", true, "Ends with the first right answer."),
        ],
        values => new RepeatedSampling(values.Whole("samples"), values.Whole("round"), values.IsYes("stop-at-first")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        if (session.Verifier is null)
            return Choice.ByMajority(await session.SampleAsync(samples).ConfigureAwait(false), session.Problem.Answers);

        bool isFinal = session.Verifier.IsExact;
        int width = isFinal && stopAtFirst ? round : samples;   // nothing is gained by waiting when all are drawn anyway
        var finished = new List<Thought>();
        for (int drawn = 0; drawn < samples && session.CanDraw && session.SamplesLeft > 0; drawn += width)
        {
            var answers = await session.SampleAsync(Math.Min(width, samples - drawn)).ConfigureAwait(false);
            Thought[] whole = [.. answers.Where(thought => thought.End == ThoughtEnd.Finished)];
            await session.VerifyAsync(whole).ConfigureAwait(false);
            finished.AddRange(whole);
            if (isFinal && whole.FirstOrDefault(IsRight) is not null)
                break;
        }
        return Settle(finished, isFinal, session.Problem.Answers);
    }

    /// <summary>The choice from answers that were checked.</summary>
    /// <param name="finished">Whole answers with their verdicts, in the order drawn.</param>
    /// <param name="isFinal">Whether the verifier is exact.</param>
    /// <param name="answers">Tells which answers are the same.</param>
    internal static Choice Settle(IReadOnlyList<Thought> finished, bool isFinal, IAnswerReader answers)
    {
        if (isFinal && finished.FirstOrDefault(IsRight) is Thought right)
            return new Choice(right, 1);
        // An answer that is known to be wrong is none. Of the rest those vote that were accepted, or, where none was, those that could not be checked.
        var accepted = finished.Where(IsRight).ToArray();
        return Choice.ByMajority(accepted.Length > 0 ? accepted : finished.Where(thought => thought.Verdict?.IsCorrect is null), answers);
    }

    private static bool IsRight(Thought thought) => thought.Verdict?.IsCorrect == true;
}
