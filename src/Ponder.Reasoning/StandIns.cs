// Stand-ins with the signatures of what is being written elsewhere; goes out when that lands.
#pragma warning disable CS1591, CA1822
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Ponder.Inference;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Numerics;
using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Solving
{
    public sealed class Solver(IPolicy policy, IStrategy strategy, SolveSettings settings)
    {
        public async Task<Outcome> SolveAsync(Problem problem, CancellationToken stop = default)
        {
            using var session = new SolveSession(problem, policy, settings, strategy.Needs, stop);
            var choice = await strategy.SolveAsync(session).ConfigureAwait(false);
            foreach (var thought in session.Thoughts.Where(t => t is { IsAnswer: true, End: not null, Parent: not null }))
                thought.IsCorrect = problem.Grader is null ? null : (await problem.Grader.VerifyAsync(problem, thought.Text, stop).ConfigureAwait(false)).IsCorrect;
            return new Outcome
            {
                Problem = problem, Strategy = strategy.Name, Chosen = choice.Thought, Confidence = choice.Confidence,
                Thoughts = [.. session.Thoughts], Ledger = session.Ledger, Notes = [.. session.Notes],
            };
        }

        public async IAsyncEnumerable<Outcome> SolveAsync(
            IReadOnlyList<Problem> problems, Action<int, SolveEvent>? observer = null, [EnumeratorCancellation] CancellationToken stop = default)
        {
            for (int i = 0; i < problems.Count; i++)
            {
                int number = i;
                var own = settings with
                {
                    Seed = CounterRandom.Bits(settings.Seed, (ulong)number, 0), Observer = observer is null ? null : what => observer(number, what),
                };
                yield return await new Solver(policy, strategy, own).SolveAsync(problems[i], stop).ConfigureAwait(false);
            }
        }
    }
}

namespace Ponder.Reasoning.Policies
{
    public sealed class EnginePolicy : IPolicy
    {
        private readonly Engine _engine;

        public EnginePolicy(Engine engine)
        {
            engine.DemandLanguageModel("think a puzzle through");
            _engine = engine;
        }

        public string Name => "engine";

        public PolicyFeatures Features => PolicyFeatures.All;

        public IPolicySession Open() => new Session(_engine);

        private sealed class Session(Engine engine) : IPolicySession
        {
            private readonly List<Branch> _roots = [];

            public PolicyUsage Usage => new(
                _roots.Sum(r => r.Usage.PromptTokens), _roots.Sum(r => r.Usage.GeneratedTokens), 0, 0, 0,
                _roots.Sum(r => r.Usage.AverageKvTokens), _roots.Sum(r => r.Usage.PeakKvTokens), 3.2e6, 6.4e6);

            public IPolicyBranch Start(Prompt prompt, ulong key)
            {
                int[] ids = prompt.Text is string text ? engine.EncodePrompt(text) : engine.EncodeChat(prompt.Turns);
                _roots.Add(engine.CreateBranch(ids, new BranchOptions { Key = key }));
                return new OneBranch(_roots[^1]);
            }

            public IReadOnlyList<Task<FinishReason>> Extend(IReadOnlyList<Continuation> continuations, CancellationToken cancellationToken) =>
                [.. continuations.Select(async c =>
                {
                    var finish = FinishReason.Length;
                    var options = new GenerationOptions
                    {
                        Sampling = c.Sampling, MaxTokens = c.MaxTokens, Rules = c.Rules, IgnoreEnd = c.IgnoreEnd, LogProbabilities = c.LogProbabilities,
                    };
                    await foreach (var token in ((OneBranch)c.Branch).Branch.StreamAsync(options, cancellationToken).ConfigureAwait(false))
                    {
                        c.OnToken(new ThoughtToken(token.Id, token.Text));
                        finish = token.Finish ?? finish;
                    }
                    return finish;
                })];

            public Task<double[]> ChoicesAsync(IPolicyBranch branch, IReadOnlyList<string> choices, CancellationToken cancellationToken) => throw new NotSupportedException();

            public Task<float[]> HiddenStatesAsync(IPolicyBranch branch, IReadOnlyList<int> layers, CancellationToken cancellationToken) => throw new NotSupportedException();

            public void Dispose()
            {
            }
        }

        private sealed class OneBranch(Branch branch) : IPolicyBranch
        {
            public Branch Branch => branch;

            public int Length => branch.Length;

            public IPolicyBranch Fork(ulong key) => new OneBranch(branch.Fork(key));

            public int Append(string text)
            {
                int before = branch.Length;
                branch.Append(text);
                return branch.Length - before;
            }

            public IReadOnlyList<int>? TokenIds() => branch.TokenIds();

            public void Dispose() => branch.Dispose();
        }
    }
}

namespace Ponder.Reasoning.Rewards
{
    public sealed record RewardOptions(Aggregation Aggregation, string? StepMark, EngineOptions Engine);

    public static class RewardTable
    {
        public static IReadOnlyList<(string Name, string Summary)> Names { get; } =
            [("puzzles", "The process reward model that ships with Ponder."), ("self-certainty", "How far the policy's own distributions are from uniform.")];

        public static IRewardModel Create(string nameOrPath, RewardOptions options) => options is null ? throw new ArgumentNullException(nameof(options)) : new LengthReward(nameOrPath);

        private sealed class LengthReward(string name) : IRewardModel, IScorer
        {
            public string Name => name;

            public bool IsExact => false;

            public string Cost => "nothing";

            public (double Low, double High) Range => (0, 1);

            public PolicyFeatures Needs => PolicyFeatures.None;

            public IScorer Open(SolveSession session) => this;

            public Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken) =>
                Task.FromResult<IReadOnlyList<Score>>([.. thoughts.Select(t => new Score(1.0 / (1 + t.Text.Length), [1.0 / (1 + t.Text.Length)], t.GeneratedTokens))]);

            public void Forget(Thought thought)
            {
            }

            public void Dispose()
            {
            }
        }
    }
}

namespace Ponder.Reasoning.Tasks
{
    public sealed record TaskRow(string Name, string Summary);

    public sealed class TaskException(string message) : PonderException(message);

    public static class TaskTable
    {
        public static IReadOnlyList<TaskRow> All { get; } =
            [new("countdown", "Reach a target with + - * /, every number used once."), new("chain", "Follow assignments.")];

        public static TaskRow Require(string name) => All.FirstOrDefault(row => row.Name == name)
            ?? throw new TaskException($"There is no task '{name}'; {NearestName.Suggest(name, All.Select(row => row.Name))}");
    }

    public static class TaskFile
    {
        public static IReadOnlyList<Problem> Read(string path, string? task) => [.. PuzzleFile.Read(path, task).Select(Of)];

        public static Problem One(string? task, string text) => task is null
            ? new Problem { Prompt = Prompt.Ask(text), Question = text, Answers = new LastLine() }
            : Of(PuzzleParser.Parse(text, TaskTable.Require(task).Name), 0);

        public static IReadOnlyList<Problem> Generate(string task, int count, ulong seed) =>
            [.. PuzzleGenerator.Generate(TaskTable.Require(task).Name, count, seed).Select(Of)];

        private static Problem Of(IPuzzle puzzle, int index)
        {
            var check = new Check(puzzle);
            return new Problem
            {
                Id = $"{index + 1}", Task = puzzle.Task, Prompt = Prompt.Plain(puzzle.Prompt), Question = puzzle.Prompt.TrimEnd('\n'), Answers = new Votes(puzzle),
                Verifier = puzzle is CountdownPuzzle ? check : null, Grader = check,
            };
        }

        private sealed class Votes(IPuzzle puzzle) : IAnswerReader
        {
            public string? Read(string text) => puzzle.Ballot(text);

            public bool AreSame(string first, string second) => first == second;
        }

        private sealed class LastLine : IAnswerReader
        {
            public string? Read(string text) => text.Trim().Split('\n')[^1];

            public bool AreSame(string first, string second) => first == second;
        }

        private sealed class Check(IPuzzle puzzle) : IVerifier
        {
            public string Name => "puzzle";

            public bool IsExact => true;

            public string Cost => "microseconds";

            public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default)
            {
                var verdict = puzzle.Check(text);
                return Task.FromResult(new Verdict(verdict.IsCorrect, verdict.Answer, verdict.Reason));
            }
        }
    }
}

namespace Ponder.Reasoning.Verifiers
{
    public sealed class RegexVerifier(Regex pattern) : IVerifier
    {
        public string Name => "regex";

        public bool IsExact => true;

        public string Cost => "microseconds";

        public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default) =>
            Task.FromResult(pattern.IsMatch(text) ? new Verdict(true) : new Verdict(false, null, "it does not match"));
    }

    public sealed class JsonSchemaVerifier(string schemaText) : IVerifier
    {
        public string Name => "json-schema";

        public bool IsExact => true;

        public string Cost => "microseconds";

        public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default) =>
            Task.FromResult(new Verdict(schemaText.Length > 0));
    }
}

namespace Ponder.Reasoning.Strategies
{
    public sealed class RepeatedSamplingStandIn(int samples, bool stopAtFirst) : IStrategy
    {
        public static StrategyRow Row { get; } = new(
            "repeated-sampling", "Draws answers and takes the first that is right.", "Brown et al., arXiv 2407.21787", "up to N answers",
            [StrategyOption.Samples(16), StrategyOption.Whole("round", 4, "Answers drawn before they are checked."), StrategyOption.OneOf("stop-at-first", "yes", "Stops at the first right answer.", "yes", "no")],
            values => new RepeatedSamplingStandIn(values.Whole("samples"), values.Name("stop-at-first") == "yes"));

        public static StrategyRow BestRow { get; } = new(
            "best-of-n", "Takes the answer with the highest reward.", "Cobbe et al., arXiv 2110.14168", "N answers and their rewards",
            [StrategyOption.Samples(16)], values => new BestStandIn(values.Whole("samples")));

        public string Name => Row.Name;

        public PolicyFeatures Needs => PolicyFeatures.None;

        public async Task<Choice> SolveAsync(SolveSession session)
        {
            _ = stopAtFirst;
            var answers = await session.SampleAsync(samples).ConfigureAwait(false);
            if (session.Verifier is null)
                return Choice.ByMajority(answers, session.Problem.Answers);
            await session.VerifyAsync(answers).ConfigureAwait(false);
            return new Choice(answers.FirstOrDefault(a => a.Verdict?.IsCorrect == true), null);
        }

        private sealed class BestStandIn(int samples) : IStrategy
        {
            public string Name => "best-of-n";

            public PolicyFeatures Needs => PolicyFeatures.None;

            public bool NeedsReward => true;

            public async Task<Choice> SolveAsync(SolveSession session)
            {
                var answers = await session.SampleAsync(samples).ConfigureAwait(false);
                await session.ScoreAsync(answers).ConfigureAwait(false);
                return Choice.Best(answers, a => a.Reward);
            }
        }
    }
}
