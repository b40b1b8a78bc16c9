using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Solutions and verifications under one budget: the policy judges each of S solutions V times, and answers are voted on with the mean of the verdicts as
/// weight. With V = 0 it is self-consistency, which the same budget buys more solutions for; the automatic split takes that where the budget is small.
/// Zhang et al., arXiv 2408.15240 (generative verifiers); Singhi et al., arXiv 2504.01005 (the split).
/// </summary>
/// <param name="samples">S, at least 1.</param>
/// <param name="verifications">V, at least 0.</param>
/// <param name="isAuto">
/// Chooses S and V for the budget of tokens, measured in solutions as long as the first; without such a budget, for what the given S and V would cost.
/// </param>
/// <param name="lambda">What a verification costs, in solutions; above 0. Used by the automatic split alone.</param>
public sealed class GenRmVote(int samples = 16, int verifications = 4, bool isAuto = false, double lambda = 1) : IStrategy
{
    private const double MostSolutions = 1 << 16;

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "genrm-vote", "Judges each solution several times and votes with the mean verdict as weight.",
        "Zhang et al., arXiv 2408.15240; Singhi et al., arXiv 2504.01005", "N answers, and V verdicts on each",
        [
            StrategyOption.Samples(16),
            StrategyOption.Whole("verifications", 4, "Verdicts on each answer; 0 is self-consistency.", least: 0, most: 1024),
            StrategyOption.OneOf("split", "fixed", "Samples and verifications as given, or as the budget is best spent.", "fixed", "auto"),
            StrategyOption.Number("lambda", 1, "What a verification costs, in answers; for the automatic split.", least: 0.01, most: 100),
        ],
        values => new GenRmVote(values.Whole("samples"), values.Whole("verifications"), values.Name("split") == "auto", values.Number("lambda")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <summary>
    /// How a budget is best split: S grows as C^0.57, and what is left goes to V, which grows about as C^0.4 (C = S (1 + λ V); the paper's fit of it is
    /// C^0.39). A budget that does not hold two solutions with a verdict on each goes to solutions alone.
    /// </summary>
    /// <param name="budget">C, in solutions; at least 0.</param>
    /// <param name="lambda">What a verification costs, in solutions; above 0.</param>
    public static (int Solutions, int Verifications) Split(double budget, double lambda)
    {
        double all = Math.Min(Math.Max(budget, 1), MostSolutions);
        double solutions = Math.Round(Math.Pow(all, 0.57));
        double verifications = Math.Floor(((all / solutions) - 1) / lambda);
        return solutions < 2 || verifications < 1 ? ((int)all, 0) : ((int)solutions, (int)verifications);
    }

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var (count, verdicts) = (samples, verifications);
        var solutions = new List<Thought>();
        if (isAuto)
        {
            long tokens = session.TokensLeft;
            solutions.AddRange(await session.SampleAsync(1).ConfigureAwait(false));
            int length = solutions.Sum(solution => solution.GeneratedTokens);
            bool isMeasured = tokens < long.MaxValue && length > 0;
            (count, verdicts) = Split(isMeasured ? (double)tokens / length : samples * (1 + (lambda * verifications)), lambda);
        }
        if (count > solutions.Count && session.CanDraw)
            solutions.AddRange(await session.SampleAsync(count - solutions.Count).ConfigureAwait(false));
        if (verdicts > 0 && session.CanDraw)
            await JudgeAsync(session, [.. solutions.Where(solution => solution.Answer is not null)], verdicts).ConfigureAwait(false);

        // Where no verdict says yes of anything, the votes alone decide.
        bool isJudged = solutions.Any(solution => solution.Answer is not null && solution.Reward > 0);
        return Choice.ByWeightedVote(solutions, session.Problem.Answers, solution => isJudged ? solution.Reward ?? 0.5 : 1);
    }

    private static async Task JudgeAsync(SolveSession session, IReadOnlyList<Thought> solutions, int verdicts)
    {
        using var court = new Court(session, judge: null);
        var opinions = await court.HearAsync([.. solutions.Select(solution => JudgePrompts.Verify(session.Problem, solution))], verdicts).ConfigureAwait(false);
        for (int i = 0; i < solutions.Count; i++)
            solutions[i].Reward = Court.Mean(opinions[i], JudgePrompts.ReadYes) is double mean and >= 0 ? mean : null;
    }
}
