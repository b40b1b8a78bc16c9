using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Statistics;
using Ponder.Reasoning.Strategies;

namespace Ponder.Cli.Solving;

/// <summary>What reports say of an outcome. It does not hold the thoughts, so that those of thousands of problems need not stay in memory.</summary>
internal sealed record Digest
{
    /// <summary>Whether the answer is right; null where nobody knows.</summary>
    public required bool? IsCorrect { get; init; }

    /// <summary>Answers that the strategy came to, whole or cut: the ends of its lines of thought.</summary>
    public required int Samples { get; init; }

    /// <summary>Those that are right.</summary>
    public required int SamplesCorrect { get; init; }

    /// <summary>
    /// Whether they are whole samples, independent of each other, and as many as the strategy was told to draw: only of such can coverage and
    /// majority be estimated.
    /// </summary>
    public required bool AreIndependent { get; init; }

    /// <summary>Whether the answer that most of them agree on is right; null where nobody knows.</summary>
    public required bool? MajorityIsCorrect { get; init; }

    /// <summary>Answers, labels and rewards of independent samples that were scored, for what can be learned about the reward; null where there are none.</summary>
    public LabelledProblem? Labelled { get; init; }

    /// <summary>What was spent.</summary>
    public required Ledger Ledger { get; init; }

    /// <summary>The digest of an outcome.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="samples">How many samples the strategy was told to draw; null where it has no such option.</param>
    public static Digest Of(Outcome outcome, int? samples)
    {
        var answers = Answers(outcome);
        bool independent = answers.Count == samples && answers.All(answer => IsWhole(answer, outcome));
        return new Digest
        {
            IsCorrect = outcome.IsCorrect,
            Samples = answers.Count,
            SamplesCorrect = answers.Count(answer => answer.IsCorrect == true),
            AreIndependent = independent,
            MajorityIsCorrect = !independent || outcome.Problem.Grader is null
                ? null
                : Choice.ByMajority(answers, outcome.Problem.Answers).Thought?.IsCorrect ?? false,
            Labelled = independent && outcome.Problem.Grader is not null && answers.Any(answer => answer.Reward is not null)
                ? LabelledProblem.From(outcome.Problem.Id, answers, outcome.Problem.Answers)
                : null,
            Ledger = outcome.Ledger,
        };
    }

    /// <summary>The ends of an outcome's lines of thought, in order: answers that nothing was forked from.</summary>
    public static IReadOnlyList<Thought> Answers(Outcome outcome)
    {
        var parents = outcome.Thoughts.Select(thought => thought.Parent).OfType<Thought>().ToHashSet();
        return [.. outcome.Samples.Where(thought => !parents.Contains(thought) && (thought.GeneratedTokens > 0 || thought.End == ThoughtEnd.Finished))];
    }

    /// <summary>The answer as people know it: of a right countdown, however it was chosen, the expression.</summary>
    public static string? AnswerOf(Outcome outcome, IPuzzle? puzzle) => puzzle is CountdownPuzzle && outcome is { IsCorrect: true, Chosen: { } chosen }
        ? puzzle.Check(chosen.Text).Answer ?? outcome.Answer
        : outcome.Answer;

    /// <summary>The puzzle that a problem is; null for any other problem.</summary>
    public static IPuzzle? PuzzleOf(Problem problem) =>
        problem.Prompt.Text is string text && PuzzleTasks.All.Contains(problem.Task) ? PuzzleParser.Parse(text, problem.Task) : null;

    // Drawn straight from the problem's own prompt, and neither given up nor cut by what could be spent.
    private static bool IsWhole(Thought answer, Outcome outcome) =>
        answer is { Depth: 1, End: ThoughtEnd.Finished or ThoughtEnd.Length } && ReferenceEquals(answer.Prompt, outcome.Problem.Prompt);
}
