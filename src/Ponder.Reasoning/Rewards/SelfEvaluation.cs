using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>
/// The policy's own opinion of a thought: the probability of "Yes" against "No" to a fixed question that is put right behind it, and not kept. No token is
/// drawn. A thought whose memory was freed is read again. The question in this place is from Kadavath et al., arXiv 2207.05221.
/// </summary>
public sealed class SelfEvaluation : IRewardModel
{
    private static readonly string[] Replies = [" Yes", " No"];

    /// <inheritdoc/>
    public string Name => "self-eval";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => "one short question read";

    /// <inheritdoc/>
    public (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches | PolicyFeatures.Choices;

    /// <inheritdoc/>
    public IScorer Open(SolveSession session) => new JudgeScorer(session, judge: null, JudgeAsync);

    private static async Task<double[]> JudgeAsync(Court court, IReadOnlyList<Thought> thoughts)
    {
        var session = court.Session;
        Thought[] asked = [.. thoughts.Select(thought => thought.IsReleased ? Again(session, thought) : thought)];
        double[][] likely = await session.ChoicesAsync(asked, JudgePrompts.SelfCheck, Replies).ConfigureAwait(false);
        foreach (var copy in asked.Except(thoughts))
            session.Release(copy);
        return [.. likely.Select(reply => reply[0] / (reply[0] + reply[1]))];
    }

    private static Thought Again(SolveSession session, Thought thought)
    {
        var copy = session.Start(thought.Prompt);
        session.Append(copy, thought.Text);
        return copy;
    }
}
