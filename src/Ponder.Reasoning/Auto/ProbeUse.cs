using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Auto;

/// <summary>What becomes of probes behind a strategy that was chosen by them: where it is of a kind that can use them, they count as answers of its own.</summary>
/// <param name="AreSamples">They are of the number of answers that it was to draw.</param>
/// <param name="Choose">The choice from all answers, the probes' first; null where the strategy's own stands.</param>
internal sealed record ProbeUse(bool AreSamples, Func<SolveSession, IReadOnlyList<Thought>, Choice>? Choose)
{
    private static readonly ProbeUse
        None = new(false, null),
        Vote = new(true, (session, answers) => Choice.ByMajority(answers, session.Problem.Answers)),
        Weighted = new(true, (session, answers) => WeightedBestOfN.Choose(answers, session.Problem.Answers, session.Settings.Reward!.Range.Low)),
        Best = new(true, (_, answers) => Choice.Best(answers, answer => answer.Reward));

    /// <summary>What a family does with them.</summary>
    public static ProbeUse Of(StrategyFamily family) => family.Name switch
    {
        "majority" => Vote,
        "weighted-best-of-n" => Weighted,
        "best-of-n" => Best,
        _ when StrategyText.Create(family.Text) is Search.SearchStrategy => (EndsByVote(family) ? Weighted : Best) with { AreSamples = false },
        _ => None,
    };

    private static bool EndsByVote(StrategyFamily family) => StrategyText.Parse(family.Text).Options.GetValueOrDefault("choose", "vote") == "vote";
}
