using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>How a search settles on one of the thoughts that came to their ends.</summary>
internal static class Ending
{
    /// <summary>The option of a strategy's row.</summary>
    public static StrategyOption Option { get; } =
        StrategyOption.OneOf("choose", "vote", "The answer by weighted vote, or the thought with the best reward.", "vote", "best");

    /// <summary>Settles.</summary>
    /// <param name="search">The search, at its end.</param>
    /// <param name="byVote">By a vote weighted with the rewards; else the best.</param>
    public static Choice Of(StepSearch search, bool byVote)
    {
        Thought[] answers = [.. search.Ended.Where(thought => thought.Answer is not null).OrderBy(thought => thought.Number)];
        return byVote && answers.Any(answer => answer.Reward > 0)
            ? Choice.ByWeightedVote(answers, search.Session.Problem.Answers, StepSearch.RewardOf)
            : Choice.Best(answers, answer => answer.Reward);
    }
}
