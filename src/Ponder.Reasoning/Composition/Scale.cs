using System.Globalization;
using Ponder.Inference.Generation;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Composition;

/// <summary>
/// SCALE, selective resource allocation: breaks the question into parts that follow each other, has the policy rate how hard each is, solves easy ones by a fast
/// strategy and hard ones by a slow one, each with the results before it, and answers the question with all of them. Xiao et al., arXiv 2512.00466.
/// </summary>
/// <param name="fast">Solves easy parts, and puts the results together.</param>
/// <param name="slow">Solves hard parts.</param>
/// <param name="threshold">The difficulty from which on a part is hard, 0 to 9; a part that was not rated is.</param>
/// <param name="mostParts">Most parts of a question, at least 2.</param>
public sealed class Scale(IStrategy fast, IStrategy slow, double threshold = 5, int mostParts = 6) : IStrategy
{
    private const double RequestPart = 1 / 4.0;

    // Of a limited budget a hard part gets as much as so many easy ones: ours, for the paper knows no budget.
    private const double HardShare = 4;

    private readonly IStrategy _fast = Decomposition.ForParts(fast, Row.Name);
    private readonly IStrategy _slow = Decomposition.ForParts(slow, Row.Name);

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "scale", "Breaks a question into parts, and solves easy ones by a fast strategy and hard ones by a slow one.", "Xiao et al., arXiv 2512.00466",
        "1 request, and the fast or the slow strategy once for each part, and the fast one once more",
        [
            StrategyOption.Strategy("fast", "single", "The strategy for easy parts."),
            StrategyOption.Strategy("slow", "majority samples=8", "The strategy for hard parts."),
            StrategyOption.Number("threshold", 5, "The difficulty from which on a part is hard.", 0, 9),
            Decomposition.MostParts,
        ],
        values => new Scale(values.Strategy("fast"), values.Strategy("slow"), values.Number("threshold"), values.Whole("parts")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => _fast.Needs | _slow.Needs;

    /// <inheritdoc/>
    public bool NeedsReward => _fast.NeedsReward || _slow.NeedsReward;

    /// <inheritdoc/>
    public bool NeedsDrafter => _fast.NeedsDrafter || _slow.NeedsDrafter;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var problem = session.Problem;
        var parts = await Decomposition.BreakAsync(session, problem, mostParts, RequestPart).ConfigureAwait(false);
        if (parts.Count < 2)
        {
            var difficulty = (await RateAsync(session, [CompositionPrompts.RateWhole(problem.Question)]).ConfigureAwait(false))[0];
            session.Note($"The policy did not break the question into parts: it was {(IsHard(difficulty) ? $"hard, and answered by {_slow.Name}" : $"easy, and answered by {_fast.Name}")}.");
            return await session.SolveAsync(IsHard(difficulty) ? _slow : _fast, problem).ConfigureAwait(false);
        }
        var ratings = await RateAsync(session, [.. parts.Select(part => CompositionPrompts.RatePart(problem.Question, part))]).ConfigureAwait(false);
        bool[] areHard = [.. ratings.Select(IsHard)];
        session.Note($"{Counted(parts.Count)}, {areHard.Count(isHard => isHard)} of them hard, with difficulties {string.Join(", ", ratings.Select(Written))}.");

        var facts = new List<Fact>();
        double shares = 1 + areHard.Sum(ShareOf);               // of the parts to come, and of the question at the end
        for (int i = 0; i < parts.Count; i++)
        {
            var found = await Decomposition.SolveAsync(session, areHard[i] ? _slow : _fast, problem, parts[i], facts, ShareOf(areHard[i]) / shares).ConfigureAwait(false);
            shares -= ShareOf(areHard[i]);
            if (found is not null)
                facts.Add(found);
        }
        // With all results there is little left to do; where one is missing, the question is as hard as it was.
        return await session.SolveAsync(facts.Count == parts.Count ? _fast : _slow, Decomposition.Given(problem, facts)).ConfigureAwait(false);
    }

    private bool IsHard(double? difficulty) => difficulty is null || difficulty >= threshold;

    private static double ShareOf(bool isHard) => isHard ? HardShare : 1;

    private static string Counted(int parts) => string.Create(CultureInfo.InvariantCulture, $"The question was broken into {parts} parts");

    private static string Written(double? rating) => rating?.ToString("0.0", CultureInfo.InvariantCulture) ?? "unknown";

    private static async Task<double?[]> RateAsync(SolveSession session, IReadOnlyList<string> requests)
    {
        try
        {
            return await DigitScore.AskAsync(session, requests).ConfigureAwait(false);
        }
        catch (ContextLengthException error)
        {
            session.Note($"Nothing was rated, and all counts as hard: {error.Message}");
            return new double?[requests.Count];
        }
    }
}
