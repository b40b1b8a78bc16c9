using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Self-refinement: the policy answers, criticises its answer, and answers again with the critique before it, until a critique finds nothing to mend.
/// All earlier answers and critiques stay in the conversation. Madaan et al., arXiv 2303.17651.
/// </summary>
/// <param name="rounds">Most refinements, at least 1; the paper has 4.</param>
public sealed class SelfRefine(int rounds = 4) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "self-refine", "Criticises its own answer and answers again until there is nothing to mend.", "Madaan et al., arXiv 2303.17651",
        "1 answer, and at most R critiques and answers one after another",
        [StrategyOption.Whole("rounds", 4, "Most refinements.", most: 64)], values => new SelfRefine(values.Whole("rounds")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var prompt = session.Problem.Prompt;
        var answer = await session.AskAsync().ConfigureAwait(false);
        var best = answer;
        for (int round = 0; round < rounds && answer?.End == ThoughtEnd.Finished && session.CanDraw && session.SamplesLeft > 0; round++)
        {
            prompt = prompt.Then(answer.Text, Prompts.Feedback);
            var feedback = await session.AskAsync(prompt, "feedback", isAnswer: false).ConfigureAwait(false);
            if (feedback?.End != ThoughtEnd.Finished || Prompts.IsSatisfied(feedback.Text))
                break;
            prompt = prompt.Then(feedback.Text, Prompts.Refine);
            answer = await session.AskAsync(prompt, "refine", isAnswer: true).ConfigureAwait(false);
            if (answer?.Answer is not null)
                best = answer;                                  // one that was cut, or says nothing, takes no other's place
        }
        return best?.Answer is null ? Choice.None : new Choice(best, null);
    }
}
