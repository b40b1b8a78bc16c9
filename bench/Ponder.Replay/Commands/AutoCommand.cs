using System.CommandLine;
using System.Globalization;
using Ponder.Inference;
using Ponder.Reasoning.Auto;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Statistics;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Replay.Commands;

/// <summary>
/// <c>auto</c>: the strategy that chooses, given a calibration alone, against every single strategy sized to the budget, on the built-in puzzles' test
/// problems. Nothing checks answers.
/// </summary>
internal static class AutoCommand
{
    private const double MostBehind = 0.02;

    private static readonly string[] Singles = ["single", "majority", "best-of-n", "weighted-best-of-n", "beam", "rebase", "particle-filter"];

    public static Command Create()
    {
        var table = new Option<string>("--table") { Description = "The calibration's file.", HelpName = "FILE", Required = true };
        var seeds = EngineFlags.Number("--seeds", "Seeds, from 1.", 3);
        var count = EngineFlags.Number("--count", "Problems of each task, from the first.", 200);
        var task = new Option<string?>("--task") { Description = "countdown or chain; both when not given.", HelpName = "NAME" };
        var budgets = new Option<long[]>("--budget") { Description = "Tokens a problem; may be repeated.", HelpName = "N", DefaultValueFactory = _ => [130, 530, 2100] };
        var flags = new EngineFlags();
        var command = new Command("auto", "Compares the strategy auto with every single strategy at matched budgets on the built-in puzzles.");
        foreach (Option option in (Option[])[table, seeds, count, task, budgets])
            command.Add(option);
        flags.AddTo(command, withModel: false);
        command.SetAction(async (parsed, stop) =>
        {
            var calibration = CalibrationFile.Load(parsed.GetValue(table)!);
            using var workers = new SharedWorkers(flags.Options(parsed).Threads);
            using var engine = Engine.Load(EmbeddedModels.Policy, flags.Options(parsed) with { Workers = workers }, cancellationToken: stop);
            using var reward = RewardTable.Create("puzzles", new RewardSettings { Engine = new EngineOptions { Workers = workers } });
            var study = new Study(new EnginePolicy(engine), reward, calibration, parsed.GetValue(seeds));
            bool holds = true;
            foreach (string name in parsed.GetValue(task) is string one ? (string[])[one] : ["countdown", "chain"])
            {
                string file = Path.Combine(Path.GetDirectoryName(EmbeddedModels.Policy)!, "test", $"{name}.jsonl");
                Problem[] problems = [.. TaskFile.Read(file, name).Take(parsed.GetValue(count)).Select(problem => problem with { Verifier = null })];
                holds &= await study.RunAsync(name, problems, parsed.GetValue(budgets)!, stop);
            }
            return holds ? 0 : 1;
        });
        return command;
    }

    private sealed class Study(EnginePolicy policy, IRewardModel reward, CalibrationTable calibration, int seeds)
    {
        public async Task<bool> RunAsync(string task, Problem[] problems, long[] budgets, CancellationToken stop)
        {
            bool holds = true;
            Console.WriteLine($"{task}: {problems.Length} problems, {seeds} seeds; auto is to be at most {100 * MostBehind:0} points behind the best\n");
            Console.WriteLine("| tokens | auto | tokens drawn | best single | difference | every single |");
            Console.WriteLine("|---|---|---|---|---|---|");
            foreach (long budget in budgets)
            {
                var auto = await MeasureAsync(new AutoStrategy(calibration), problems, budget, stop);
                var singles = new List<(string Text, Row Row)>();
                foreach (string name in Singles)
                {
                    string text = Sizing.Fit(name, budget, calibration.For(task).AnswerTokens);
                    singles.Add((text, await MeasureAsync(StrategyText.Create(text), problems, budget, stop)));
                }
                var (best, row) = singles.MaxBy(single => single.Row.Right.Average());
                var difference = PairedDifference.Of(auto.Right, row.Right).Difference;
                holds &= difference.Estimate >= -MostBehind - 1e-9;
                string all = string.Join(", ", singles.Select(single => string.Create(CultureInfo.InvariantCulture, $"{single.Text} {single.Row.Right.Average():0.000}")));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"| {budget} | {auto.Right.Average():0.000} | {auto.Tokens:0} | {best} {row.Right.Average():0.000} | {difference} | {all} |"));
                foreach (var (note, times) in auto.Notes.OrderByDescending(note => note.Value))
                    Console.WriteLine($"    {times} times: {note}");
            }
            Console.WriteLine();
            return holds;
        }

        private async Task<Row> MeasureAsync(IStrategy strategy, Problem[] problems, long budget, CancellationToken stop)
        {
            var row = new Row(new double[problems.Length]);
            for (int seed = 1; seed <= seeds; seed++)
            {
                var settings = new SolveSettings { Seed = (ulong)seed, MaxTokens = 128, StepDelimiter = "\n", Reward = reward, Budget = new Budget { Tokens = budget } };
                int at = 0;
                await foreach (var outcome in new Solver(policy, strategy, settings) { Parallel = 32 }.SolveAsync(problems, stop: stop))
                {
                    row.Right[at++] += outcome.IsCorrect == true ? 1.0 / seeds : 0;
                    row.Tokens += (double)outcome.Ledger.GeneratedTokens / seeds / problems.Length;
                    foreach (string note in outcome.Notes.Where(note => note.StartsWith("auto:", StringComparison.Ordinal)))
                        row.Notes[note] = row.Notes.GetValueOrDefault(note) + 1;
                }
            }
            return row;
        }
    }

    private sealed record Row(double[] Right)
    {
        public double Tokens { get; set; }

        public Dictionary<string, int> Notes { get; } = [];
    }
}
