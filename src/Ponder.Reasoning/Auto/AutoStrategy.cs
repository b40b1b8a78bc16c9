using System.Globalization;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Auto;

/// <summary>
/// Chooses the strategy, and how much of the budget it spends, from what strategies came to on other problems of the kind: compute-optimal scaling, Snell
/// et al., arXiv 2408.03314. Spending ends where the law of saturation says that more does not pay (Wang et al., arXiv 2505.20522), and where a judge that
/// can be wrong would find more wrong answers than right ones (Stroebl et al., arXiv 2411.17501).
/// </summary>
/// <param name="table">What strategies came to.</param>
/// <param name="price">Points of accuracy that 1,000 tokens must add, not negative; 0 spends the budget.</param>
/// <param name="probes">Answers to tell the difficulty from, 0 for none; null where the table says that they pay.</param>
/// <param name="abstain">No answer is given where less accuracy than this is expected, 0 to 1.</param>
public sealed class AutoStrategy(CalibrationTable table, double price = 0, int? probes = null, double abstain = 0) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "auto", "Chooses a strategy and its size for the budget, from a calibration of the model.", "Snell et al., arXiv 2408.03314", "what it chooses",
        [
            StrategyOption.Text("table", "", "The calibration's file; 'ponder calibrate' makes it."),
            StrategyOption.Number("price", 0, "Points of accuracy that 1,000 tokens must add."),
            new StrategyOption("probes", "table", "Answers to tell the difficulty from; where the table says that they pay.") { Least = 0, Most = 1000, IsWhole = true },
            StrategyOption.Number("abstain", 0, "Gives no answer where less accuracy is expected.", 0, 1),
        ],
        values => new AutoStrategy(
            CalibrationFile.Load(values.Text("table")), values.Number("price"), (int?)values.NumberOrNull("probes"), values.Number("abstain")));

    private readonly Dictionary<string, PolicyFeatures> _needs = table.Tasks.SelectMany(task => task.Entries).Select(entry => entry.Strategy).Distinct()
        .ToDictionary(text => text, text => StrategyText.Create(text).Needs);

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;         // what the policy lacks is not chosen

    /// <inheritdoc/>
    public bool NeedsReward { get; } = table.Tasks.Any(task => task.Entries
        .GroupBy(entry => entry.Budget).Any(budget => budget.MaxBy(entry => entry.On(Difficulty.All).Accuracy)!.NeedsReward));

    /// <inheritdoc/>
    /// <exception cref="CalibrationException">The calibration is of another model.</exception>
    /// <exception cref="StrategyException">Nothing that was calibrated can be run here.</exception>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        table.Demand(session.Policy);
        var task = table.For(session.Problem.Task);
        NoteDifferences(session, task);
        var planner = new AutoPlanner(task, [.. task.Entries.Where(entry => CanRun(entry, session))], price);
        double? limit = LimitOf(session, task);
        var plan = planner.Plan(limit) ?? throw new StrategyException(
            $"No strategy of the calibration can be run here: they need {(session.Settings.Reward is null ? "a reward model" : "the same reward model, verifier or policy")}.");

        int count = probes ?? ProbesOf(task, plan, limit);
        var probed = Probed.None;
        if (count > 0 && task.Difficulty is { } map)
        {
            var thoughts = await session.SampleAsync(count, session.ToScore()).ConfigureAwait(false);
            probed = new Probed(thoughts.Count, thoughts.Sum(thought => thought.OwnTokens.Count), await ReadAsync(session, thoughts).ConfigureAwait(false));
            var difficulty = map.Of(ProbeFigures.Of(thoughts, session.Problem.Answers));
            plan = planner.Plan(limit, difficulty, probed.Tokens) ?? plan;
        }
        if (plan.Chosen.Expected < abstain)
        {
            session.Note(string.Create(CultureInfo.InvariantCulture, $"{plan.Text} That is under {abstain}: no answer is given."));
            return Choice.Abstained;
        }
        session.Note(plan.Text);
        return await RunAsync(session, plan.Chosen, limit, probed).ConfigureAwait(false);
    }

    private static async Task<Choice> RunAsync(SolveSession session, AutoOffer chosen, double? limit, Probed probed)
    {
        var use = ProbeUse.Of(chosen.Family);
        int? size = chosen.Size - (use.AreSamples ? probed.Count : 0);
        var choice = Choice.None;
        int from = session.Thoughts.Count;
        if (size is null or > 0)
        {
            var strategy = StrategyText.Create(chosen.Family.Sized(size));
            bool isPart = limit is null || chosen.Tokens < limit - probed.Tokens - 0.5;
            using var within = session.Within(settings: session.Settings with
            {
                // A part of the budget is what its size comes to: no answer is cut for it. One that has no size is told, but may end one answer.
                Budget = new Budget { Tokens = isPart && chosen.Size is null ? Math.Max((long)chosen.Tokens, session.Settings.MaxTokens) : null },
                LogProbabilities = session.Settings.LogProbabilities || strategy.Needs.HasFlag(PolicyFeatures.LogProbabilities),
            });
            choice = await strategy.SolveAsync(within).ConfigureAwait(false);
        }
        if (probed.Count == 0)
            return choice;
        if (use.Choose is null)
            return choice.Thought is null ? Choice.ByMajority(probed.Answers, session.Problem.Answers) : choice;
        var own = session.Thoughts.Skip(from).Where(thought => thought is { IsAnswer: true, Parent: not null, End: ThoughtEnd.Finished, Answer: not null });
        return use.Choose(session, [.. probed.Answers, .. own]);
    }

    /// <summary>Answers that were drawn to tell the difficulty.</summary>
    /// <param name="Count">All of them.</param>
    /// <param name="Tokens">Their tokens.</param>
    /// <param name="Answers">Those that came to an answer, scored where there is a reward.</param>
    private sealed record Probed(int Count, int Tokens, IReadOnlyList<Thought> Answers)
    {
        public static Probed None { get; } = new(0, 0, []);
    }

    // The probes' answers, scored where there is a reward.
    private static async Task<IReadOnlyList<Thought>> ReadAsync(SolveSession session, IReadOnlyList<Thought> probed)
    {
        if (session.Settings.Reward is not null)
            return await session.ScoreAnswersAsync(probed).ConfigureAwait(false);
        return [.. probed.Where(thought => thought.Answer is not null)];
    }

    private bool CanRun(CalibrationEntry entry, SolveSession session) =>
        (!entry.NeedsReward || session.Settings.Reward?.Name == table.Reward)
        && (entry.Verifier is null || session.Verifier?.Name == entry.Verifier)
        && (_needs[entry.Strategy] & ~session.Policy.Features) == 0;

    private void NoteDifferences(SolveSession session, TaskCalibration task)
    {
        if (task.Task != session.Problem.Task)
            session.Note($"The calibration has no figures for the task {session.Problem.Task}; those of {task.Task} are taken.");
        if (table.Temperature != session.Settings.Sampling.Temperature || table.MaxTokens != session.Settings.MaxTokens)
        {
            session.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"The calibration was made with temperature {table.Temperature} and thoughts of at most {table.MaxTokens} tokens; what is expected is of those."));
        }
        if (table.Reward is not null && session.Settings.Reward is { } reward && reward.Name != table.Reward)
            session.Note($"The calibration was made with the reward {table.Reward}, not {reward.Name}: strategies that need a reward are not chosen.");
    }

    // A budget of samples is about as many usual answers' tokens.
    private static double? LimitOf(SolveSession session, TaskCalibration task)
    {
        double tokens = session.TokensLeft == long.MaxValue ? double.PositiveInfinity : session.TokensLeft;
        if (session.SamplesLeft != int.MaxValue)
            tokens = Math.Min(tokens, Math.Max(1, Math.Round(session.SamplesLeft * task.AnswerTokens)));
        return double.IsFinite(tokens) ? tokens : null;
    }

    // Probes that pay at the nearest budget that was tried. Who leans on a verifier needs to know no difficulty.
    private static int ProbesOf(TaskCalibration task, AutoPlan plan, double? limit)
    {
        if (task.Difficulty is null || task.Probing.Count == 0)
            return 0;
        bool leans = task.Entries.Any(entry => entry.Verifier is not null && StrategyFamily.Of(entry.Strategy).Family == plan.Chosen.Family);
        double budget = limit ?? plan.Chosen.Tokens;
        var nearest = task.Probing.MinBy(gain => Math.Abs(Math.Log(gain.Budget / budget)))!;
        return nearest.Pays && !leans && ProbeStudy.IsAffordable(budget, task.Difficulty.Probes, task.AnswerTokens) ? task.Difficulty.Probes : 0;
    }
}
