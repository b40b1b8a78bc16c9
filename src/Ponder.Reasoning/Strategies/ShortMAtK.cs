using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// short-m@k: draws k answers side by side; when m of them have come to their ends the rest is given up, and the m vote. Of answers with as many
/// votes the one with the shortest thought wins. Hassid et al., arXiv 2505.17813, where thoughts are counted up to the end of thinking; here they
/// are whole answers.
/// </summary>
/// <remarks>
/// First come the m shortest, of equally long ones those with lower numbers: the choice does not depend on timing. In lockstep a thought stops at the
/// length of the m-th, or one token later when it had its turn before the m-th ended. A thought that begins late, for want of budget, never grows longer.
/// </remarks>
/// <param name="samples">k, at least 1.</param>
/// <param name="first">m, at least 1; from k on nothing is given up.</param>
public sealed class ShortMAtK(int samples = 5, int first = 3) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "short-m-at-k", "Takes the majority of the first m samples to finish, and gives up the others.", "Hassid et al., arXiv 2505.17813",
        "k answers as long as the m-th shortest",
        [StrategyOption.Samples(5), StrategyOption.Whole("first", 3, "m: how many must have finished.")],
        values => new ShortMAtK(values.Whole("samples"), values.Whole("first")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var race = new Race(first);
        var thoughts = await session.SampleAsync(samples, new ExtendOptions { Until = race.IsLost }).ConfigureAwait(false);
        session.Reject(thoughts.Where(thought => thought.IsOpen));
        var winners = thoughts.Where(thought => thought.End == ThoughtEnd.Finished)
            .OrderBy(thought => thought.GeneratedTokens).ThenBy(thought => thought.Number).Take(first);
        return Choice.ByMajority(winners, session.Problem.Answers);     // in this order a tie goes to the shortest
    }
}
