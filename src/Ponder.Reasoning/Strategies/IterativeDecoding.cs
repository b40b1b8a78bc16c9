using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Answers, has the answer checked, and on failure answers again with the verifier's reason before it, as in self-debugging (Chen et al., arXiv
/// 2304.05128) and Reflexion (Shinn et al., arXiv 2303.11366). All earlier answers and reasons stay in the conversation.
/// </summary>
/// <param name="rounds">Most answers after the first, at least 1.</param>
public sealed class IterativeDecoding(int rounds = 4) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "iterative-decoding", "Has its answer checked and answers again with the verifier's reason before it.",
        "Chen et al., arXiv 2304.05128; Shinn et al., arXiv 2303.11366", "at most 1 + R answers one after another, each checked",
        [StrategyOption.Whole("rounds", 4, "Most answers after the first.", most: 64)], values => new IterativeDecoding(values.Whole("rounds")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public bool NeedsVerifier => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var prompt = session.Problem.Prompt;
        var answer = await session.AskAsync().ConfigureAwait(false);
        Thought? last = null;
        for (int round = 0; answer?.End is ThoughtEnd.Finished or ThoughtEnd.Length; round++)
        {
            string? reason = "it did not come to its end; be shorter.";
            if (answer.End == ThoughtEnd.Finished)
            {
                await session.VerifyAsync([answer]).ConfigureAwait(false);
                if (answer.Verdict!.IsCorrect == true)
                    return new Choice(answer, session.Verifier!.IsExact ? 1 : null);
                reason = answer.Verdict.Reason;
                last = answer.Answer is null ? last : answer;
            }
            if (round == rounds || !session.CanDraw || session.SamplesLeft == 0)
                break;
            prompt = prompt.Then(answer.Text, Prompts.Mend(reason));
            answer = await session.AskAsync(prompt, "mend", isAnswer: true).ConfigureAwait(false);
        }
        return last is null ? Choice.None : new Choice(last, null);
    }
}
