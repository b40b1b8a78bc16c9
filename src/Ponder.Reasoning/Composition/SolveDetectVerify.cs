using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Composition;

/// <summary>
/// Solve-Detect-Verify: one thought; wherever it hesitates, the policy says whether "Yes" or "No" is likelier to follow the question if the solution is complete,
/// and once it is, the answer is put at once. Quick checks, and where they disagree a thorough one, then say whether it is right; one that is not is answered
/// anew with what the check found. Zhong et al., arXiv 2505.11966. (Its number of checks and the agreement it asks for are not known: ours.)
/// </summary>
/// <param name="checks">Quick checks, at least 1.</param>
/// <param name="agreement">The part of the quick checks that must agree, above 0.5 and at most 1.</param>
/// <param name="quickTokens">Most tokens of a quick check, at least 1.</param>
/// <param name="cues">Texts behind which the policy is asked, in small letters; null for <see cref="Cues.Words"/>.</param>
/// <param name="ending">What makes the thought answer.</param>
public sealed class SolveDetectVerify(
    int checks = 4, double agreement = 0.75, int quickTokens = 128, IReadOnlyList<string>? cues = null, string ending = ForcedExit.DefaultEnding) : IStrategy
{
    private static readonly string[] Replies = [" Yes", " No"];

    private readonly IReadOnlyList<string> _cues = cues ?? Cues.Words;
    private readonly FlexibleVerifier _verifier = new(checks, agreement, quickTokens);

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "solve-detect-verify", "Answers as soon as the solution is complete, checks it quickly or thoroughly, and answers once more if it is wrong.",
        "Zhong et al., arXiv 2505.11966", "1 or 2 answers, K short checks, and a long one where they disagree",
        [
            StrategyOption.Whole("checks", 4, "Quick checks.", most: 10_000),
            StrategyOption.Number("agreement", 0.75, "The part of them that must agree.", 0.501, 1),
            StrategyOption.Whole("check-tokens", 128, "Most tokens of a quick check."),
            StrategyOption.OneOf("cues", "words", "Where the policy is asked whether it is done: at words of hesitation, or at line ends.", "words", "lines"),
            StrategyOption.Text("ending", ForcedExit.DefaultEnding, "The text that makes a thought answer."),
        ],
        values => new SolveDetectVerify(
            values.Whole("checks"), values.Number("agreement"), values.Whole("check-tokens"), Cues.Named(values.Name("cues")), values.Text("ending")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches | PolicyFeatures.Choices;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        if (session.Fork(session.Root, 1) is not [var thought])
            return Choice.None;
        await ThinkAsync(session, thought).ConfigureAwait(false);
        if (thought.Answer is null)
            return Choice.None;
        var found = await _verifier.CheckAsync(session, thought).ConfigureAwait(false);
        session.Note(Told(found));
        if (found.IsRight != false || !session.CanBegin())
            return new Choice(thought, found.IsRight == true ? found.Agreement : null);

        var anew = session.Problem.Prompt.Then(thought.Text, Prompts.Mend(found.Reason));
        var refined = await session.AskAsync(anew, "refine", isAnswer: true).ConfigureAwait(false);
        return new Choice(refined?.Answer is null ? thought : refined, null);
    }

    private async Task ThinkAsync(SolveSession session, Thought thought)
    {
        var finder = new Cues(_cues);
        while (thought.IsOpen && session.CanDraw)
        {
            await session.ExtendAsync([thought], new ExtendOptions { Until = (_, token) => finder.Ends(token.Text) }).ConfigureAwait(false);
            if (!thought.IsOpen)
                return;
            double[] likely = await session.ChoicesAsync(thought, CompositionPrompts.IsComplete, Replies).ConfigureAwait(false);
            if (likely[0] > likely[1])
            {
                await ForcedExit.AnswerAsync(session, [thought], ending).ConfigureAwait(false);
                return;
            }
        }
    }

    private static string Told(FlexibleVerifier.Finding found) => (found.IsRight, found.IsThorough) switch
    {
        (null, _) => "The answer was not checked: no check came to a verdict.",
        (true, false) => "Quick checks found the answer right.",
        (false, false) => "Quick checks found the first answer wrong.",
        (true, true) => "Quick checks disagreed; a thorough one found the answer right.",
        (false, true) => "Quick checks disagreed; a thorough one found the first answer wrong.",
    };
}
