using System.CommandLine;
using System.Diagnostics;
using Ponder.Inference;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;
using Ponder.Replay.Sharing;

namespace Ponder.Replay.Commands;

/// <summary>
/// <c>sharing</c>: a search over branches that share what they have in common, against the same search driven through requests of its own for every step
/// of every thought, with and without a cache of prefixes; and what scoring adds.
/// </summary>
internal static class SharingCommand
{
    private const int WarmRuns = 2;

    public static Command Create()
    {
        var width = EngineFlags.Number("--width", "Thoughts side by side.", 32);
        var words = EngineFlags.Number("--prompt-words", "Words of the prompt, of a model that solves no puzzles.", 200);
        var answer = EngineFlags.Number("--answer", "Most tokens of an answer.", 128);
        var runs = EngineFlags.Number("--runs", "Runs that count, behind two that do not.", 5);
        var flags = new EngineFlags();
        var command = new Command("sharing", "Runs a search over shared branches, and the same one through separate requests, and compares the times.");
        command.Add(width);
        command.Add(words);
        command.Add(answer);
        command.Add(runs);
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            bool isShipped = !parsed.Tokens.Any(token => token.Value is "--model" or "-m");
            string model = isShipped ? EmbeddedModels.Policy : flags.Model(parsed);
            using var workers = new SharedWorkers(flags.Options(parsed).Threads);
            var study = new Study(model, flags.Options(parsed) with { Workers = workers }, parsed.GetValue(width), isShipped, parsed.GetValue(words), parsed.GetValue(answer));
            (await study.RunAsync(parsed.GetValue(runs), stop)).Print(flags.WantsJson(parsed));
        });
        return command;
    }

    private sealed class Study(string model, EngineOptions options, int width, bool isShipped, int words, int answer)
    {
        public async Task<Report> RunAsync(int runs, CancellationToken stop)
        {
            using var plain = Engine.Load(model, options with { CachePrefixes = false }, cancellationToken: stop);
            using var caching = Engine.Load(model, options, cancellationToken: stop);
            using var scores = isShipped ? RewardTable.Create("puzzles", new RewardSettings { Engine = options }) : null;
            IRewardModel free = isShipped ? new ExactSteps() : new LengthReward();
            var shared = new EnginePolicy(plain);
            (string Name, IPolicy Policy, string? Bar, double Least)[] others =
            [
                ("requests one after the other", new RequestPolicy(plain, atOnce: false), "at least 5", 5),
                ("requests one after the other, prefixes cached", new RequestPolicy(caching, atOnce: false), "at least 2", 2),
                ("requests all at once", new RequestPolicy(plain, atOnce: true), null, 0),
                ("requests all at once, prefixes cached", new RequestPolicy(caching, atOnce: true), null, 0),
            ];
            var ratios = others.ToDictionary(other => other.Name, _ => new List<double>());
            var adds = new List<double>();
            Outcome? ours = null, theirs = null;
            for (int run = 0; run < WarmRuns + runs; run++)
            {
                (double together, ours) = await TimeAsync(shared, free, run, stop);
                foreach (var other in others)
                {
                    (double apart, theirs) = await TimeAsync(other.Policy, free, run, stop);
                    if (!theirs.Thoughts.Select(thought => thought.Text).SequenceEqual(ours.Thoughts.Select(thought => thought.Text)))
                        throw new InvalidDataException($"The search through {other.Name} came to other thoughts; the comparison means nothing.");
                    if (run >= WarmRuns)
                        ratios[other.Name].Add(apart / together);
                }
                if (scores is not null)
                {
                    var (_, scored) = await TimeAsync(shared, scores, run, stop);
                    double scoring = scored.Ledger.Steps.Where(step => step.Name == "score").Sum(step => step.Time.TotalSeconds);
                    if (run >= WarmRuns)
                        adds.Add(scoring / scored.Ledger.Steps.Where(step => step.Name != "score").Sum(step => step.Time.TotalSeconds));
                }
            }
            var report = new Report($"REBASE at width {width} over shared branches against separate requests, {Path.GetFileName(model)}");
            int prompt = plain.EncodePrompt(Problem().Prompt.Text!).Length;
            report.Add("prompt tokens computed, shared", ours!.Ledger.PromptTokens, "", $"{prompt}", ours.Ledger.PromptTokens == prompt);
            report.Add("tokens drawn", ours.Ledger.GeneratedTokens);
            report.Add("tokens computed again, shared", ours.Ledger.RecomputedTokens, "", "0", ours.Ledger.RecomputedTokens == 0);
            foreach (var (name, _, bar, least) in others)
            {
                report.Add($"{name}: times as long, least", ratios[name].Min());
                if (bar is null)
                    report.Add($"{name}: median", Figures.Quantile(ratios[name], 0.5));
                else
                    report.Add($"{name}: median", Figures.Quantile(ratios[name], 0.5), "", bar, Figures.Quantile(ratios[name], 0.5) >= least);
                report.Add($"{name}: most", ratios[name].Max());
            }
            if (adds.Count > 0)
            {
                report.Add("scoring adds, least", adds.Min());
                report.Add("scoring adds, median", Figures.Quantile(adds, 0.5), "of the time", "under 0.35", Figures.Quantile(adds, 0.5) < 0.35);
                report.Add("scoring adds, most", adds.Max());
            }
            return report;
        }

        private async Task<(double Seconds, Outcome Outcome)> TimeAsync(IPolicy policy, IRewardModel reward, int seed, CancellationToken stop)
        {
            var settings = new SolveSettings { Seed = (ulong)seed, MaxTokens = answer, StepDelimiter = "\n", Reward = reward };
            var strategy = StrategyText.Create($"rebase width={width}" + (isShipped ? "" : " step-tokens=16"));
            long start = Stopwatch.GetTimestamp();
            var outcome = await new Solver(policy, strategy, settings).SolveAsync(Problem(), stop);
            return (Stopwatch.GetElapsedTime(start).TotalSeconds, outcome);
        }

        private Problem Problem()
        {
            if (isShipped)
                return TaskFile.One("countdown", "Make 84 from 13 24 36 37");
            string text = string.Join(' ', Enumerable.Range(0, words).Select(i => $"word{i * 7919 % 101}"));
            return TaskFile.One("open", text) with { Prompt = Prompt.Plain(text) };
        }
    }

    /// <summary>A reward that costs nothing, for models that none was trained for: it tells thoughts apart by their texts.</summary>
    private sealed class LengthReward : IRewardModel, IScorer
    {
        public string Name => "length";

        public bool IsExact => false;

        public string Cost => "nothing";

        public (double Low, double High) Range => (0, 1);

        public PolicyFeatures Needs => PolicyFeatures.None;

        public IScorer Open(SolveSession session) => this;

        public Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Score>>([.. thoughts.Select(thought => new Score(thought.Text.Length % 10 / 10.0, []))]);

        public void Forget(Thought thought)
        {
        }

        public void Dispose()
        {
        }
    }
}
