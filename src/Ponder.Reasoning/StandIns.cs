// Stand-ins with the signatures of what is being written elsewhere; goes out when that lands.
#pragma warning disable CS1591, CA1822, IDE0005
using System.Text.RegularExpressions;
using Ponder.Inference;
using Ponder.Numerics;
using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Verifiers;

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
    }
}
