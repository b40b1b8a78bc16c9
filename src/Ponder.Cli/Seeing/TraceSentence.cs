using System.Globalization;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Seeing;

/// <summary>Lines of a trace in words.</summary>
internal static class TraceSentence
{
    private const int WidestAnswer = 60;

    /// <summary>What happened, as one line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="widest">Most characters of a text.</param>
    public static string Of(TraceLine line, int widest) => $"{Invariant($"{line.At.TotalSeconds,9:0.000} s")}  {Units.OneLine(What(line, widest), int.MaxValue)}";

    private static string What(TraceLine line, int widest) => line switch
    {
        TraceLine.Began began => $"problem {began.Problem + 1}{(began.Task.Length > 0 ? $" ({began.Task})" : "")}: {Units.OneLine(began.Question, widest)}",
        TraceLine.Grew { Parent: null } prompt => $"{Name(prompt)} is a prompt: {Units.OneLine(prompt.Prompt ?? "", widest)}",
        TraceLine.Grew grew => $"{Name(grew)} of {grew.Parent}, {Units.Times(grew.Count, "token")}{EndOf(grew)}: {Units.OneLine(grew.Text, widest)}",
        TraceLine.Scored { Reward: double reward } scored => $"thought {scored.Number} gets {Invariant($"{reward:0.000}")}{Tokens(scored.Tokens)}",
        TraceLine.Scored scored => $"thought {scored.Number} could not be scored{Tokens(scored.Tokens)}",
        TraceLine.Verified verified => $"thought {verified.Number} {(verified.IsCorrect switch { true => "holds", false => "fails", null => "could not be checked" })}{(verified.Reason is null ? "" : $": {Units.OneLine(verified.Reason, widest)}")}",
        TraceLine.Rejected rejected => $"thought {rejected.Number} is given up",
        TraceLine.Spent(_, _, var step) => $"step '{step.Name}' of {Units.Times(step.Thoughts, "thought")}: {Units.Times(step.GeneratedTokens, "token")}{Tokens(step.RewardTokens)}, {Invariant($"{step.Time.TotalSeconds:0.000}")} s",
        TraceLine.Noted noted => $"note: {Units.OneLine(noted.Text, widest)}",
        TraceLine.Ended ended => Outcome(ended),
        _ => "",
    };

    private static string Outcome(TraceLine.Ended ended)
    {
        string right = ended.IsCorrect switch { true => " (right)", false => " (wrong)", null => "" };
        string answer = ended.Answer is null ? $"no answer{right}" : $"answer {Units.OneLine(ended.Answer, WidestAnswer)}{right}";
        string from = ended.Chosen is int chosen ? $", thought {chosen}" : "";
        string sure = ended.Confidence is double confidence ? Invariant($", confidence {confidence:0.00}") : "";
        return $"{answer}{from}{sure}; {Units.Times(ended.Ledger.GeneratedTokens, "token")}{Tokens(ended.Ledger.RewardTokens)}";
    }

    private static string Name(TraceLine.Grew grew) => $"{(grew.IsAnswer ? "thought" : "opinion")} {grew.Number}";

    private static string EndOf(TraceLine.Grew grew) => grew.End switch
    {
        null => "",
        ThoughtEnd.Finished when grew.Answer is not null => $", ends with {Units.OneLine(grew.Answer, WidestAnswer)}",
        ThoughtEnd.Finished => ", ends",
        ThoughtEnd.Rejected => ", given up",
        ThoughtEnd end => $", cut by its {end.ToString().ToLowerInvariant()}",
    };

    private static string Tokens(long reward) => reward > 0 ? $", {Units.Times(reward, "reward token")}" : "";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
