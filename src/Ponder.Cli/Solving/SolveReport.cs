using System.Globalization;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;

namespace Ponder.Cli.Solving;

/// <summary>Results of <c>ponder solve</c> for people.</summary>
/// <param name="output">Where they are written.</param>
/// <param name="chosen">How was thought.</param>
/// <param name="seed">The seed of the run.</param>
/// <param name="all">Show every thought, not only the first few.</param>
internal sealed class SolveReport(TextWriter output, ChosenStrategy chosen, ulong seed, bool all)
{
    private const int MostShown = 6, WidestThought = 160;

    /// <summary>What is about to happen, for one problem.</summary>
    public string Heading(Problem problem, bool madeUp)
    {
        bool isPuzzle = Digest.PuzzleOf(problem) is not null;
        string what = isPuzzle && chosen is { WasChosen: false, Samples: int samples }
            ? $"Ponder draws {Units.Times(samples, "sample")} of a small model's thoughts in one batch and "
                + (problem.Task == PuzzleTasks.Chain ? "puts their values to a vote." : "checks each exactly.")
            : $"Strategy {chosen.Row.Name}: {chosen.Row.Summary}";
        string kind = madeUp ? "A made-up puzzle" : isPuzzle ? "Puzzle" : "Question";
        return $"{what}\n\n{kind}: {problem.Question.TrimEnd('\n', ':')}\n\n";
    }

    /// <summary>One problem: the different thoughts, the answer, what it took.</summary>
    public void Write(Outcome outcome, Digest digest)
    {
        var puzzle = Digest.PuzzleOf(outcome.Problem);
        WriteThoughts(outcome, puzzle);
        if (puzzle is null && outcome.Chosen is { } thought && thought.Text.Trim() != outcome.Answer)
            output.WriteLine($"{thought.Text.Trim('\n')}\n");
        output.WriteLine(AnswerOf(outcome, puzzle));
        output.WriteLine($"{Figures(outcome, digest)}seed {seed}");
        output.WriteLine();
        WriteLedger(outcome.Ledger);
        foreach (string note in outcome.Notes)
            output.WriteLine($"  note        {note}");
    }

    /// <summary>Many problems: accuracy, coverage, what they took.</summary>
    /// <param name="totals">The figures.</param>
    /// <param name="notes">What the user should know, with the number of problems that it was said of.</param>
    public void Write(Totals totals, IReadOnlyDictionary<string, int> notes)
    {
        string each = chosen.Samples is int samples ? $", {Units.Times(samples, "sample")} each" : "";
        output.WriteLine($"{Units.Times(totals.Problems, "problem")}{each}, seed {seed}");
        output.WriteLine();
        if (totals.Accuracy is double accuracy)
        {
            string of = totals.Graded < totals.Problems ? $", over the {totals.Graded} whose answer is known" : "";
            string error = totals.StandardError is double spread ? Invariant($" ± {spread:0.000}") : "";
            output.WriteLine(Invariant($"  {"accuracy",-17}   {accuracy:0.000}{error} ({chosen.Row.Name}{of})"));
        }
        else
            output.WriteLine("  accuracy unknown: no answer is known");
        if (totals.MajorityAccuracy is double majority)
            output.WriteLine(Invariant($"  {"majority accuracy",-17}   {majority:0.000}"));
        foreach (var (k, value) in totals.PassAt)
            output.WriteLine(Invariant($"  {$"pass@{k}",-17}   {value:0.000}"));
        output.WriteLine();
        var sum = totals.Sum;
        double problems = totals.Problems;
        output.WriteLine("a problem, on average:");
        WriteLedger(sum with
        {
            GeneratedTokens = Mean(sum.GeneratedTokens),
            PromptTokens = Mean(sum.PromptTokens),
            SharedTokens = Mean(sum.SharedTokens),
            RecomputedTokens = Mean(sum.RecomputedTokens),
            RewardTokens = Mean(sum.RewardTokens),
            SequentialTokens = Mean(sum.SequentialTokens),
            Verified = (int)Mean(sum.Verified),
            Flops = sum.Flops / problems,
            Bytes = sum.Bytes / problems,
            Time = sum.Time / problems,
        });
        output.WriteLine();
        output.WriteLine(Invariant($"{Units.Count(sum.GeneratedTokens)} tokens generated from {Units.Count(sum.PromptTokens)} prompt tokens in {totals.Seconds:0.00} s ({Units.Count(sum.GeneratedTokens / Math.Max(totals.Seconds, 1e-9))} tokens/s)"));
        if (totals.Reward is { } reward)
        {
            output.WriteLine();
            string wrong = reward.FalsePositiveRate is { } rate ? Invariant($" Of wrong samples {rate.Estimate:0.00} have a reward of {reward.Threshold:0.0} or more.") : "";
            output.WriteLine($"on these labelled problems: {reward.Text}{wrong}");
        }
        foreach (var (note, count) in notes)
            output.WriteLine($"note ({Units.Times(count, "problem")}): {note}");

        long Mean(long value) => (long)Math.Round(value / problems);
    }

    private void WriteThoughts(Outcome outcome, IPuzzle? puzzle)
    {
        var groups = Groups(outcome, puzzle is not null);
        var shown = groups.Where((group, place) => all || place < MostShown || group.Thoughts.Contains(outcome.Chosen)).ToArray();
        foreach (var group in shown)
        {
            var best = group.Best;
            string mark = group.Thoughts.Contains(outcome.Chosen) ? ">" : " ";
            string reward = best.Reward is double value ? Invariant($"  {value:0.000}") : "";
            output.WriteLine($"{mark} {Label(best),5} {group.Thoughts.Count,3} x{reward}  {Units.OneLine(group.Text, all ? int.MaxValue : WidestThought)}");
            if (best.End != ThoughtEnd.Rejected && ReasonOf(best, puzzle) is string reason)
                output.WriteLine($"               {reason}");
        }
        if (groups.Count > shown.Length)
            output.WriteLine($"  ... and {Units.Times(groups.Count - shown.Length, "more thought")} (--all shows them)");
        output.WriteLine();
    }

    // Thoughts of puzzles are short and shown as they are; others go by their answers, and those that came to none stand for themselves.
    private static List<ThoughtGroup> Groups(Outcome outcome, bool byText)
    {
        var answers = Digest.Answers(outcome);
        var groups = byText
            ? answers.GroupBy(thought => thought.Text).Select(group => new ThoughtGroup(group.Key, [.. group]))
            : Ballot.Count(answers, outcome.Problem.Answers).Select(ballot => new ThoughtGroup(ballot.Answer, ballot.Thoughts))
                .Concat(answers.Where(thought => thought.Answer is null).Select(thought => new ThoughtGroup(thought.Text, [thought])));
        return [.. groups.OrderByDescending(group => group.Best.IsCorrect == true).ThenByDescending(group => group.Thoughts.Count).ThenByDescending(group => group.Best.Reward)];
    }

    private static string? ReasonOf(Thought thought, IPuzzle? puzzle) => thought.IsCorrect == false || thought.Verdict?.IsCorrect == false
        ? thought.Verdict?.Reason ?? puzzle?.Check(thought.Text).Reason
        : null;

    private static string Label(Thought thought) => thought switch
    {
        { End: ThoughtEnd.Rejected } => "out",
        { IsCorrect: true } => "right",
        { IsCorrect: false } => "wrong",
        { Verdict.IsCorrect: true } => "holds",
        { Verdict.IsCorrect: false } => "fails",
        { End: not ThoughtEnd.Finished } => "cut",
        _ => "",
    };

    private static string AnswerOf(Outcome outcome, IPuzzle? puzzle)
    {
        if (Digest.AnswerOf(outcome, puzzle) is string answer)
        {
            string target = puzzle is CountdownPuzzle countdown && outcome.IsCorrect == true ? $" = {countdown.Target}" : "";
            return $"Answer: {Units.OneLine(answer, int.MaxValue)}{target}{(outcome.IsCorrect == false ? " (wrong)" : "")}";
        }
        if (puzzle is CountdownPuzzle { IsSolvable: false })
            return "No answer: this puzzle has no solution.";
        return puzzle is CountdownPuzzle ? "No answer: no sample is right; more may help (--samples)." : "No answer: no thought came to one.";
    }

    private static string Figures(Outcome outcome, Digest digest)
    {
        string right = outcome.Problem.Grader is null ? $"{Units.Times(digest.Samples, "sample")}, "
            : $"{digest.SamplesCorrect} of {Units.Times(digest.Samples, "sample")} right, ";
        int votes = outcome.Chosen?.Answer is string answer && outcome.Problem.Task != PuzzleTasks.Countdown
            ? Digest.Answers(outcome).Count(thought => thought.Answer is string other && outcome.Problem.Answers.AreSame(answer, other))
            : 0;
        string agreed = votes > 0 ? $"{votes} agreed, " : "";
        string confidence = outcome.Confidence is double sure ? Invariant($"confidence {sure:0.00}, ") : "";
        return right + agreed + confidence;
    }

    private void WriteLedger(Ledger ledger)
    {
        string recomputed = ledger.RecomputedTokens > 0 ? $", {Units.Count(ledger.RecomputedTokens)} computed again" : "";
        output.WriteLine($"  generated   {Units.Times(ledger.GeneratedTokens, "token")}, {Units.Count(ledger.SequentialTokens)} of them one after another");
        output.WriteLine($"  prompt      {Units.Times(ledger.PromptTokens, "token")} computed, {Units.Count(ledger.SharedTokens)} shared{recomputed}");
        if (ledger.RewardTokens > 0)
            output.WriteLine($"  reward      {Units.Times(ledger.RewardTokens, "token")}");
        if (ledger.Verified > 0)
            output.WriteLine($"  verified    {Units.Times(ledger.Verified, "answer")}");
        if (ledger.PeakKvTokens > 0)
            output.WriteLine($"  KV memory   {Units.Count(ledger.AverageKvTokens)} tokens on average, {Units.Count(ledger.PeakKvTokens)} at most");
        if (double.IsFinite(ledger.Flops) && double.IsFinite(ledger.Bytes))
            output.WriteLine($"  computed    about {Units.Of(ledger.Flops, "FLOP")}, {Units.Of(ledger.Bytes, "B")} moved");
        double seconds = ledger.Time.TotalSeconds;
        output.WriteLine(Invariant($"  time        {seconds:0.00} s, {Units.Count(ledger.GeneratedTokens / Math.Max(seconds, 1e-9))} tokens/s"));
        if (ledger.Steps.Count > 1)
        {
            var steps = ledger.Steps.GroupBy(step => step.Name).Select(group => $"{group.Count()} x {group.Key}");
            output.WriteLine($"  steps       {string.Join(", ", steps)}");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Thoughts that are shown as one.</summary>
    private sealed record ThoughtGroup(string Text, IReadOnlyList<Thought> Thoughts)
    {
        /// <summary>The one with the highest reward, of those that were not given up if there are any; of several, or without rewards, the first.</summary>
        public Thought Best { get; } = Thoughts.MaxBy(thought => (thought.End != ThoughtEnd.Rejected, thought.Reward ?? double.NegativeInfinity))!;
    }
}
