using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>How a judge comes to a verdict.</summary>
public enum JudgeForm
{
    /// <summary>At once: the probability of "Yes" against "No", where the policy tells it; else the part of short replies that say yes.</summary>
    Direct,

    /// <summary>After a check in words: the part of the checks whose last verdict is yes.</summary>
    ChainOfThought,
}

/// <summary>
/// A language model as a judge: the probability of "Yes" to the question whether the answer is correct, at once or after checks in words. It judges whole
/// answers best; partial ones as they stand. Generative verifiers: Zhang et al., arXiv 2408.15240.
/// </summary>
/// <param name="form">How it comes to a verdict.</param>
/// <param name="votes">Replies on each thought, at least 1; not used where probabilities are told. The paper has 32.</param>
/// <param name="judge">Who judges: its tokens are reward tokens. Null for the policy that thinks: then they count in the budget.</param>
public sealed class GenerativeJudge(JudgeForm form = JudgeForm.Direct, int votes = 8, IPolicy? judge = null) : IRewardModel
{
    private const int ShortReply = 8;

    private static readonly string[] Replies = ["Yes", "No"];

    /// <inheritdoc/>
    public string Name => form == JudgeForm.Direct ? "genrm" : "genrm-cot";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => form == JudgeForm.Direct ? "question and answer read once" : $"question and answer read once, {votes} checks drawn";

    /// <inheritdoc/>
    public (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public IScorer Open(SolveSession session) => new JudgeScorer(session, judge, JudgeAsync);

    private async Task<double[]> JudgeAsync(Court court, IReadOnlyList<Thought> thoughts)
    {
        if (form == JudgeForm.Direct && court.Session.Policy.Features.HasFlag(PolicyFeatures.Choices))
            return await AskAsync(court.Session, thoughts).ConfigureAwait(false);
        var problem = court.Session.Problem;
        bool isDirect = form == JudgeForm.Direct;
        var opinions = await court.HearAsync(
            [.. thoughts.Select(thought => isDirect ? JudgePrompts.Ask(problem, thought) : JudgePrompts.Verify(problem, thought))],
            votes, isDirect ? ShortReply : null).ConfigureAwait(false);
        return [.. opinions.Select(heard => Court.Mean(heard, JudgePrompts.ReadYes))];
    }

    private static async Task<double[]> AskAsync(SolveSession session, IReadOnlyList<Thought> thoughts)
    {
        Thought[] cases = [.. thoughts.Select(thought => session.Start(JudgePrompts.Ask(session.Problem, thought)))];
        double[][] likely = await session.ChoicesAsync(cases, "", Replies).ConfigureAwait(false);
        foreach (var thought in cases)
            session.Release(thought);
        return [.. likely.Select(reply => reply[0] / (reply[0] + reply[1]))];
    }
}
