using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>
/// A language model as a judge that first sets up principles, then criticises the answer by them, then gives a score from 1 to 10; the scores of several
/// such opinions are averaged. Inference-time scaling of generalist rewards: Liu et al., arXiv 2504.02495, who train the judge for it.
/// </summary>
/// <param name="votes">Opinions on each thought, at least 1.</param>
/// <param name="judge">Who judges: its tokens are reward tokens. Null for the policy that thinks: then they count in the budget.</param>
public sealed class SpctJudge(int votes = 4, IPolicy? judge = null) : IRewardModel
{
    /// <inheritdoc/>
    public string Name => "spct";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => $"question and answer read once, {votes} critiques drawn";

    /// <inheritdoc/>
    public (double Low, double High) Range => (1, 10);

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public IScorer Open(SolveSession session) => new JudgeScorer(session, judge, JudgeAsync);

    private async Task<double[]> JudgeAsync(Court court, IReadOnlyList<Thought> thoughts)
    {
        var opinions = await court.HearAsync([.. thoughts.Select(thought => JudgePrompts.Rate(court.Session.Problem, thought))], votes).ConfigureAwait(false);
        return [.. opinions.Select(heard => Court.Mean(heard, JudgePrompts.ReadScore))];
    }
}
