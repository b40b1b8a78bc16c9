using Ponder.Inference.Sampling;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Statistics;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Auto;

/// <summary>
/// Makes calibrations: tries strategies at budgets on problems whose answers are known. Those that draw whole answers are replayed on one pool of them;
/// searches are run, and those that clearly fall behind the best at their budget are not run to the end.
/// </summary>
/// <param name="policy">Who thinks.</param>
/// <param name="options">What is tried.</param>
public sealed class Calibrator(IPolicy policy, CalibrationOptions options)
{
    private const int LeastPool = 16, PilotProblems = 16, PilotSamples = 4;
    private const double PoolRoom = 1.15;                       // short answers make room for more of them

    // A hard budget cuts a search that is a little too wide, with all its thoughts; a vote only loses its last answer.
    private static readonly double[] SearchSizes = [0.75, 1], VoteSizes = [1, 1.3];
    private static readonly double[] Rounds = [0.25, 0.5, 1];   // parts of the problems

    private readonly CalibrationOptions _options = options.Validated();

    /// <summary>Makes a table of one task or several.</summary>
    /// <param name="tasks">Problems by task, each with a grader; at least three of each.</param>
    /// <param name="report">Told how far the work is, 0 to 1; null for nobody.</param>
    /// <param name="stop">Cancels within one step of the engine.</param>
    /// <exception cref="CalibrationException">A problem's answer is not known, or there are too few.</exception>
    public async Task<CalibrationTable> MakeAsync(
        IReadOnlyDictionary<string, IReadOnlyList<Problem>> tasks, Action<double>? report = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        foreach (var (task, problems) in tasks)
        {
            if (problems.Count < 3)
                throw new CalibrationException($"The calibration of {task} needs at least 3 problems; there are {problems.Count}.");
            if (problems.FirstOrDefault(problem => problem.Grader is null) is { } unknown)
                throw new CalibrationException($"The calibration of {task} needs known answers, and that of problem {unknown.Id} is not.");
        }
        var made = new List<TaskCalibration>();
        foreach (var (task, problems) in tasks)
            made.Add(await MakeAsync(task, problems, part => report?.Invoke((made.Count + part) / tasks.Count), stop).ConfigureAwait(false));
        return new CalibrationTable
        {
            Model = ModelFingerprint.Of(policy),
            Reward = _options.Settings.Reward?.Name,
            MaxTokens = _options.Settings.MaxTokens,
            Temperature = _options.Settings.Sampling.Temperature,
            Tasks = made,
        };
    }

    private async Task<TaskCalibration> MakeAsync(string task, IReadOnlyList<Problem> problems, Action<double> report, CancellationToken stop)
    {
        var pilot = await SamplePool.DrawAsync(policy, [.. problems.Take(PilotProblems)], PilotSamples, _options, null, stop).ConfigureAwait(false);
        int samples = Math.Max(LeastPool, (int)Math.Ceiling(PoolRoom * _options.Budgets.Max() / pilot.AnswerTokens));
        var verifier = problems[0].Verifier;
        Trial[] trials = [.. _options.Budgets.Distinct().Order().SelectMany(budget => Trials(budget, pilot.AnswerTokens, verifier?.Name))];

        // The pool costs about what one strategy does at the largest budget.
        double work = _options.Budgets.Max() + trials.Where(IsRun).Sum(trial => (double)trial.Budget * _options.Seeds), done = 0;
        void Did(double tokens) => report(Math.Min(1, (done += tokens / problems.Count) / work));
        var pool = await SamplePool.DrawAsync(policy, problems, samples, _options, () => Did(_options.Budgets.Max()), stop).ConfigureAwait(false);

        foreach (var budget in trials.GroupBy(trial => trial.Budget))
        {
            foreach (var trial in budget.Where(trial => !IsRun(trial)))
            {
                for (int i = 0; i < problems.Count; i++)
                {
                    var (right, tokens) = pool.Replay(i, trial.Family.Name, trial.Size ?? 1, trial.Budget);
                    trial.Add(right, tokens);
                }
            }
            await RaceAsync([.. budget], problems, Did, stop).ConfigureAwait(false);
        }
        return Assemble(task, problems, pool, trials);
    }

    private IEnumerable<Trial> Trials(long budget, double answerTokens, string? verifier)
    {
        foreach (string text in _options.Strategies)
        {
            var (name, given) = StrategyText.Parse(text);
            bool leans = name == "repeated-sampling" || StrategyTable.Create(name, given).NeedsVerifier;
            if (leans && verifier is null)
                continue;                                       // it would be another strategy's vote
            var row = StrategyTable.Require(name);
            var (family, fitted) = StrategyFamily.Of(Sizing.Fit(text, budget, answerTokens));
            double[] factors = row.Size is not { } size || given.ContainsKey(size.Name) ? [1] : CanReplay(text) ? VoteSizes : SearchSizes;
            foreach (string sized in factors.Select(factor => family.Sized(fitted is int units ? Math.Max(1, (int)Math.Round(units * factor)) : null)).Distinct())
                yield return new Trial(sized, budget) { Verifier = leans ? verifier : null };
        }
    }

    private static bool IsRun(Trial trial) => !CanReplay(trial.Text);

    // Replayed as it is by default; one with other options has to be run.
    private static bool CanReplay(string text)
    {
        var (name, given) = StrategyText.Parse(text);
        return SamplePool.CanReplay(name) && given.Keys.All(option => option == StrategyTable.Require(name).Size?.Name);
    }

    // All strategies at one budget, on more and more of the problems.
    private async Task RaceAsync(Trial[] trials, IReadOnlyList<Problem> problems, Action<double> did, CancellationToken stop)
    {
        Trial[] running = [.. trials.Where(IsRun)];
        int from = 0;
        foreach (double part in Rounds)
        {
            int to = (int)Math.Ceiling(part * problems.Count);
            foreach (var trial in running)
                await RunAsync(trial, problems, from, to, did, stop).ConfigureAwait(false);
            from = to;
            var leader = trials.MaxBy(trial => trial.Right.Count >= to ? trial.Right.Take(to).Average() : 0)!;
            foreach (var trial in running.Where(trial => trial.IsBehind(leader)))
                did((double)trial.Budget * _options.Seeds * (problems.Count - to));
            running = [.. running.Where(trial => !trial.IsBehind(leader))];
        }
    }

    private async Task RunAsync(Trial trial, IReadOnlyList<Problem> problems, int from, int to, Action<double> did, CancellationToken stop)
    {
        // Those that do not lean on a verifier must not find one.
        Problem[] part = [.. problems.Skip(from).Take(to - from).Select(problem => trial.Verifier is null ? problem with { Verifier = null } : problem)];
        var right = new double[part.Length];
        var tokens = new double[part.Length];
        for (int run = 0; run < _options.Seeds; run++)
        {
            var settings = _options.Settings with
            {
                Budget = new Budget { Tokens = trial.Budget },
                Seed = CounterRandom.Bits(_options.Settings.Seed, (ulong)from, (ulong)run + 1),
            };
            int at = 0;
            var solver = new Solver(policy, StrategyText.Create(trial.Text), settings) { Parallel = _options.Parallel };
            await foreach (var outcome in solver.SolveAsync(part, stop: stop).ConfigureAwait(false))
            {
                right[at] += outcome.IsCorrect == true ? 1.0 / _options.Seeds : 0;
                tokens[at++] += (double)outcome.Ledger.GeneratedTokens / _options.Seeds;
                did(trial.Budget);
            }
        }
        foreach (var (isRight, spent) in right.Zip(tokens))
            trial.Add(isRight, spent);
    }

    private TaskCalibration Assemble(string task, IReadOnlyList<Problem> problems, SamplePool pool, Trial[] trials)
    {
        (ProbeFigures Figures, double Right)[] probes = [.. Enumerable.Range(0, problems.Count).Select(i => pool.Probe(i, _options.Probes))];
        var map = DifficultyMap.Fit(_options.Probes, probes);
        Difficulty[] difficulties = [.. probes.Select(probe => map.Of(probe.Figures))];
        Trial[] whole = [.. trials.Where(trial => trial.Right.Count == problems.Count)];
        var leaders = whole.GroupBy(trial => trial.Budget).ToDictionary(budget => budget.Key, budget => budget.MaxBy(trial => trial.Right.Average())!);
        CalibrationEntry[] entries = [.. trials.Select(trial => EntryOf(trial, leaders[trial.Budget], difficulties))];
        var made = new TaskCalibration
        {
            Task = task,
            Problems = problems.Count,
            AnswerTokens = pool.AnswerTokens,
            Entries = entries,
            Laws = [.. LawsOf(entries, pool.AnswerTokens)],
            Difficulty = map,
            Judges = [.. JudgesOf(pool, problems)],
        };
        return made with { Probing = [.. ProbeStudy.Of(made, whole, probes, _options.Probes)] };
    }

    private static CalibrationEntry EntryOf(Trial trial, Trial leader, Difficulty[] difficulties) => new(
        trial.Text, trial.Budget, StrategyText.Create(trial.Text).NeedsReward, trial.Verifier,
        [
            .. Enum.GetValues<Difficulty>()
                .Select(difficulty => trial.On(difficulty, i => difficulty == Difficulty.All || difficulties[i] == difficulty, leader)).OfType<CalibrationResult>(),
        ]);

    private static IEnumerable<FamilyLaw> LawsOf(CalibrationEntry[] entries, double answerTokens) =>
        from family in entries.GroupBy(entry => StrategyFamily.Of(entry.Strategy).Family.Text)
        from difficulty in Enum.GetValues<Difficulty>()
        let points = family.Where(entry => entry.Results.Any(result => result.Difficulty == difficulty)).GroupBy(entry => entry.Budget)
            .Select(budget => (budget.Key / answerTokens, budget.Max(entry => entry.On(difficulty).Accuracy))).ToArray()
        where points.Length > 0
        select new FamilyLaw(family.Key, difficulty, SaturationLaw.Fit(points));

    private IEnumerable<JudgeCurve> JudgesOf(SamplePool pool, IReadOnlyList<Problem> problems)
    {
        if (_options.Settings.Reward is { IsExact: false } reward && CurveOf(pool.ByReward, reward.Name, isVerifier: false) is { } ofReward)
            yield return ofReward;
        if (problems[0].Verifier is { IsExact: false } verifier && CurveOf(pool.ByVerifier, verifier.Name, isVerifier: true) is { } ofVerifier)
            yield return ofVerifier;
    }

    private static JudgeCurve? CurveOf(IReadOnlyList<LabelledProblem> labelled, string judge, bool isVerifier)
    {
        LabelledProblem[] judged = [.. labelled.Where(problem => problem.Samples.Any(sample => sample.Reward is not null))];
        if (judged.Length == 0)
            return null;
        var estimate = FalsePositives.Estimate(judged);
        return new JudgeCurve(
            judge, isVerifier, estimate.FalsePositiveRate?.Estimate, estimate.BestN, estimate.Falls,
            [.. estimate.Curve.Select(point => new JudgePoint(point.Samples, point.Accuracy.Estimate))]);
    }
}
