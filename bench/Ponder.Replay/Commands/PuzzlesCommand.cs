using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Ponder.Inference;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Statistics;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Replay.Commands;

/// <summary>
/// <c>puzzles</c>: strategies on the built-in puzzles' test problems, several seeds each, with what every one costs and how it does against the task's
/// control on the same problems.
/// </summary>
internal static class PuzzlesCommand
{
    private const string NewControl = "control ";

    private static readonly string[] Countdown =
    [
        "weighted-best-of-n samples=64", "weighted-best-of-n samples=64 aggregation=product", "best-of-n samples=64", "early-rejection",
        "speculative-rejection samples=64 first=13", "majority samples=64", "rpc samples=32", "deepconf samples=32", "repeated-sampling samples=64",
    ];

    private static readonly string[] Chain =
    [
        "majority samples=64", "majority samples=32", "single", "rpc samples=32", "deepconf samples=32 mode=offline", "deepconf samples=32",
        "early-stopping-consistency samples=40", "short-m-at-k samples=16", "weighted-best-of-n samples=64", "best-of-n samples=64",
    ];

    // Searches at matched tokens, each group behind its control. Widths at which a search spends about what its control does.
    private static readonly string[] CountdownSearches =
    [
        "weighted-best-of-n samples=4", "best-of-n samples=4", "rebase width=4", "beam width=4", "dvts width=4", "particle-filter width=4", "mcts width=3", "a-star width=4",
        "control weighted-best-of-n samples=16", "rebase width=16", "beam width=16", "dvts width=16", "lookahead width=8", "ets width=16", "mcts width=14", "a-star width=16",
        "particle-filter width=16", "particle-filter width=16 ess=0.5", "particle-gibbs width=16", "parallel-tempering width=16", "tree-of-thoughts width=16 value=reward",
        "control weighted-best-of-n samples=32", "rebase width=32", "beam width=32", "particle-filter width=32", "ets width=32",
        "control rebase width=8 reward=exact-steps", "particle-filter width=8 reward=exact-steps", "rebase width=4 reward=exact-steps", "particle-filter width=4 reward=exact-steps",
    ];

    private static readonly string[] ChainSearches =
    [
        "majority samples=4", "weighted-best-of-n samples=4", "rebase width=4", "rebase width=4 choose=best",
        "control majority samples=16", "weighted-best-of-n samples=16", "rebase width=16", "rebase width=16 choose=best", "beam width=16", "particle-filter width=16", "ets width=16",
    ];

    public static Command Create()
    {
        var seeds = EngineFlags.Number("--seeds", "Seeds, from 1.", 3);
        var count = EngineFlags.Number("--count", "Problems of each task, from the first.", 200);
        var task = new Option<string?>("--task") { Description = "countdown or chain; both when not given.", HelpName = "NAME" };
        var only = new Option<string[]>("--strategy")
        {
            Description = "A strategy with options, such as \"best-of-n samples=16 aggregation=min\"; may be repeated. The first is the control of those behind it, and one that begins with 'control' a new one. 'aggregation' and 'reward' are the reward's.",
            HelpName = "TEXT",
        };
        var searches = new Option<bool>("--searches") { Description = "Searches over steps at matched tokens, in place of strategies over whole answers." };
        var flags = new EngineFlags();
        var command = new Command("puzzles", "Runs strategies on the built-in puzzles and prints accuracy, cost and the difference to a control.");
        command.Add(seeds);
        command.Add(count);
        command.Add(task);
        command.Add(only);
        command.Add(searches);
        flags.AddTo(command, withModel: false);
        command.SetAction(async (parsed, stop) =>
        {
            using var workers = new SharedWorkers(flags.Options(parsed).Threads);
            using var engine = Engine.Load(EmbeddedModels.Policy, flags.Options(parsed) with { Workers = workers }, cancellationToken: stop);
            foreach (string name in parsed.GetValue(task) is string one ? (string[])[one] : ["countdown", "chain"])
            {
                string[] given = parsed.GetValue(only) ?? [];
                var study = new Study(engine, workers, name, parsed.GetValue(count), parsed.GetValue(seeds));
                string[] usual = (name == "countdown", parsed.GetValue(searches)) switch
                {
                    (true, false) => Countdown,
                    (false, false) => Chain,
                    (true, true) => CountdownSearches,
                    (false, true) => ChainSearches,
                };
                await study.RunAsync(given.Length > 0 ? given : usual, stop);
            }
        });
        return command;
    }

    private sealed class Study(Engine engine, SharedWorkers workers, string task, int count, int seeds)
    {
        public async Task RunAsync(string[] strategies, CancellationToken stop)
        {
            string file = Path.Combine(Path.GetDirectoryName(EmbeddedModels.Policy)!, "test", $"{task}.jsonl");
            var problems = TaskFile.Read(file, task).Take(count).ToArray();
            Console.WriteLine($"{task}: {problems.Length} problems, {seeds} seeds\n");
            Console.WriteLine("| strategy | accuracy, by seed | tokens | reward tokens | one after another | samples | KV tokens | tree tokens | s a problem | against the control |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
            double[]? control = null;
            foreach (string given in strategies)
            {
                bool isControl = given.StartsWith(NewControl, StringComparison.Ordinal);
                string text = isControl ? given[NewControl.Length..] : given;
                var row = await MeasureAsync(text, problems, stop);
                control = isControl ? null : control;
                control ??= row.PerProblem;
                string difference = ReferenceEquals(control, row.PerProblem) ? "control" : PairedDifference.Of(row.PerProblem, control).Difference.ToString();
                string bySeed = string.Join(" ", row.Accuracies.Select(a => a.ToString("0.000", CultureInfo.InvariantCulture)));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {text} | {row.Accuracies.Average():0.000} ({bySeed}) | {row.Tokens:0.0} | {row.RewardTokens:0.0} | {row.Sequential:0.0} | {row.Samples:0.0} | {row.KvTokens:0.0} | {row.TreeTokens:0.0} | {row.Seconds:0.000} | {difference} |"));
                foreach (string remark in row.Remarks)
                    Console.WriteLine($"    {remark}");
            }
            Console.WriteLine();
        }

        private async Task<Row> MeasureAsync(string text, Reasoning.Problems.Problem[] problems, CancellationToken stop)
        {
            var (name, given) = StrategyText.Parse(text);
            var options = given.ToDictionary();
            var aggregation = options.Remove("aggregation", out string? named) ? Enum.Parse<Aggregation>(named, ignoreCase: true) : Aggregation.Last;
            string scores = options.Remove("reward", out string? asked) ? asked : "puzzles";
            var strategy = StrategyTable.Create(name, options);
            var reward = strategy.NeedsReward
                ? RewardTable.Create(scores, new RewardSettings { Aggregation = aggregation, Engine = new EngineOptions { Workers = workers } }) : null;
            var row = new Row { PerProblem = new double[problems.Length] };
            var labelled = new List<LabelledProblem>();
            try
            {
                for (int seed = 1; seed <= seeds; seed++)
                {
                    var settings = new SolveSettings { Seed = (ulong)seed, MaxTokens = 128, StepDelimiter = "\n", Reward = reward };
                    var solver = new Solver(new EnginePolicy(engine), strategy, settings) { Parallel = 4 };
                    int at = 0, right = 0;
                    long start = Stopwatch.GetTimestamp();
                    await foreach (var outcome in solver.SolveAsync(problems, stop: stop))
                    {
                        right += outcome.IsCorrect == true ? 1 : 0;
                        row.PerProblem[at++] += outcome.IsCorrect == true ? 1.0 / seeds : 0;
                        row.Add(outcome, (double)seeds * problems.Length);
                        if (name == "best-of-n")
                            labelled.Add(LabelledProblem.From($"{at} of seed {seed}", outcome.Samples, outcome.Problem.Answers));
                    }
                    row.Seconds += Stopwatch.GetElapsedTime(start).TotalSeconds / seeds / problems.Length;
                    row.Accuracies.Add((double)right / problems.Length);
                }
            }
            finally
            {
                reward?.Dispose();
            }
            if (labelled.Count > 0)
                Describe(row, labelled);
            return row;
        }

        // What whole samples with rewards tell of coverage, votes and the reward.
        private static void Describe(Row row, IReadOnlyList<LabelledProblem> labelled)
        {
            int[] at = [1, 4, 16, 64];
            (int, int)[] counts = [.. labelled.Select(problem => (problem.Samples.Count, problem.Correct))];
            int most = labelled.Min(problem => problem.Samples.Count);
            at = [.. at.Where(k => k <= most)];
            row.Remarks.Add($"pass@k {List(at, k => Coverage.PassAt(counts, k))}");
            row.Remarks.Add($"majority {List(at, k => VoteCurve.Majority(labelled, [k])[0].Accuracy.Estimate)}");
            row.Remarks.Add($"weighted vote {List(at, k => VoteCurve.Weighted(labelled, [k])[0].Accuracy.Estimate)}");
            row.Remarks.Add($"best of N {List(at, k => labelled.Average(problem => BestOfNCurve.AccuracyAt(problem, k)))}");
            row.Remarks.Add(FalsePositives.Estimate(labelled).Text);
        }

        private static string List(int[] at, Func<int, double> value) =>
            string.Join(", ", at.Select(k => string.Create(CultureInfo.InvariantCulture, $"{k}: {value(k):0.000}")));
    }

    private sealed class Row
    {
        public List<double> Accuracies { get; } = [];

        public required double[] PerProblem { get; init; }

        public List<string> Remarks { get; } = [];

        public double Tokens { get; private set; }

        public double RewardTokens { get; private set; }

        public double Sequential { get; private set; }

        public double Samples { get; private set; }

        public double KvTokens { get; private set; }

        public double TreeTokens { get; private set; }

        public double Seconds { get; set; }

        public void Add(Outcome outcome, double runs)
        {
            var ledger = outcome.Ledger;
            TreeTokens += LiveTree.AverageTokens(outcome.Thoughts) / runs;
            Tokens += ledger.GeneratedTokens / runs;
            RewardTokens += ledger.RewardTokens / runs;
            Sequential += ledger.SequentialTokens / runs;
            Samples += ledger.Samples / runs;
            KvTokens += ledger.AverageKvTokens / runs;
        }
    }
}
