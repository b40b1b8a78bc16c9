using System.Globalization;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Solving;

/// <summary>Results of <c>ponder solve</c> for people.</summary>
internal sealed class SolveReport(TextWriter output)
{
    private const int MostShown = 6;

    /// <summary>What is about to happen, for one puzzle.</summary>
    public static string Heading(IPuzzle puzzle, SolveOptions options, bool madeUp)
    {
        string check = puzzle.Task == PuzzleTasks.Chain ? "puts their values to a vote" : "checks each exactly";
        return $"Ponder draws {Times(options.Samples, "sample")} of a small model's thoughts in one batch and {check}.\n\n"
            + $"{(madeUp ? "A made-up puzzle: " : "Puzzle: ")}{puzzle.Prompt.TrimEnd('\n', ':')}\n\n";
    }

    /// <summary>One puzzle: the different thoughts, the answer, what it took.</summary>
    public void Write(PuzzleResult result, ulong seed)
    {
        var groups = result.Samples
            .GroupBy(sample => sample.Completion.Text)
            .OrderByDescending(g => g.First().Verdict.IsCorrect).ThenByDescending(g => g.Count())
            .ToList();
        foreach (var group in groups.Take(MostShown))
        {
            var verdict = group.First().Verdict;
            string thought = string.Join("  |  ", group.Key.TrimEnd('\n').Split('\n'));
            output.WriteLine($"  {(verdict.IsCorrect ? "right" : "wrong")} {group.Count(),3} x  {thought}");
            if (!verdict.IsCorrect && verdict.Reason is not null)
                output.WriteLine($"               {verdict.Reason}");
        }
        if (groups.Count > MostShown)
            output.WriteLine($"  ... and {Times(groups.Count - MostShown, "more thought")}");
        output.WriteLine();
        output.WriteLine(Answer(result));
        string right = $"{result.SamplesCorrect} of {Times(result.Samples.Count, "sample")} right";
        string tokens = Tokens(result.GeneratedTokens, result.PromptTokens, result.Seconds);
        output.WriteLine(Invariant($"{right}, {Agreement(result)}{tokens}, seed {seed}"));
    }

    /// <summary>Many puzzles: accuracy and coverage.</summary>
    public void Write(IReadOnlyList<PuzzleResult> results, SolveSummary summary, SolveOptions options)
    {
        string how = string.Join(" and ", results.Select(r => r.IsVoted ? "majority vote" : "exact check").Distinct());
        output.WriteLine(Invariant($"{Times(summary.Problems, "problem")}, {Times(options.Samples, "sample")} each, seed {options.Seed}"));
        output.WriteLine();
        output.WriteLine(Invariant($"  accuracy ({how})   {summary.Accuracy:0.000}"));
        output.WriteLine(Invariant($"  majority accuracy          {summary.MajorityAccuracy:0.000}"));
        foreach (var (k, value) in summary.PassAt)
            output.WriteLine(Invariant($"  pass@{k,-4}                  {value:0.000}"));
        output.WriteLine();
        string tokens = Tokens(summary.GeneratedTokens, summary.PromptTokens, summary.Seconds);
        output.WriteLine(Invariant($"{tokens} ({summary.GeneratedTokens / Math.Max(summary.Seconds, 1e-9):0} tokens/s)"));
    }

    private static string Tokens(int generated, int prompt, double seconds) =>
        Invariant($"{generated} tokens generated from {prompt} prompt tokens in {seconds:0.00} s");

    private static string Answer(PuzzleResult result)
    {
        if (result.Answer is not null)
            return result.Puzzle is CountdownPuzzle countdown ? $"Answer: {result.Answer} = {countdown.Target}" : $"Answer: {result.Answer}";
        if (result.Puzzle is CountdownPuzzle { IsSolvable: false })
            return "No answer: this puzzle has no solution.";
        return result.IsVoted ? "No answer: no sample came to a value." : "No answer: no sample is right; more may help (--samples).";
    }

    private static string Agreement(PuzzleResult result) => result.IsVoted ? $"{result.SamplesAgreed} agreed, " : "";

    private static string Times(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
