using System.Net;
using System.Text.Json;
using Ponder.Cli.Pages;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Seeing;

/// <summary>A trace as one page that opens from a file: the script, the style and the thoughts are in it.</summary>
internal static class TreePage
{
    /// <summary>Makes the page.</summary>
    /// <param name="head">What the run was.</param>
    /// <param name="problems">Its problems, at least one.</param>
    /// <param name="cut">Says that the trace was cut; null for a whole one.</param>
    public static string Of(TraceHead head, IReadOnlyList<TraceProblem> problems, string? cut)
    {
        string title = $"{Units.OneLine(problems[0].Began?.Question ?? "Thoughts", 60)} · Ponder";
        return Page.Of("tree.html", json => Write(json, head, problems, cut), new Dictionary<string, string> { ["title"] = WebUtility.HtmlEncode(title) });
    }

    private static void Write(Utf8JsonWriter json, TraceHead head, IReadOnlyList<TraceProblem> problems, string? cut)
    {
        json.WriteStartObject();
        json.WriteString("strategy", head.Strategy);
        json.WriteString("policy", head.Policy);
        json.WriteString("reward", head.Reward);
        json.WriteString("seed", Invariant($"{head.Seed}"));    // a number of JavaScript does not hold all of them
        json.WriteString("cut", cut);
        json.WriteStartArray("problems");
        foreach (var problem in problems)
            Write(json, problem);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TraceProblem problem)
    {
        json.WriteStartObject();
        json.WriteNumber("index", problem.Index);
        json.WriteString("id", problem.Began?.Id ?? "");
        json.WriteString("question", problem.Began?.Question ?? "");
        json.WritePropertyName("outcome");
        if (problem.Outcome is { } outcome)
            Write(json, outcome);
        else
            json.WriteNullValue();
        json.WriteStartArray("notes");
        foreach (string note in problem.Notes)
            json.WriteStringValue(note);
        json.WriteEndArray();
        json.WriteStartArray("steps");
        foreach (var (_, step) in problem.Steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteNumber("thoughts", step.Thoughts);
            json.WriteNumber("generated", step.GeneratedTokens);
            json.WriteNumber("reward", step.RewardTokens);
            json.WriteNumber("seconds", Seconds(step.Time));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("nodes");
        var places = new Dictionary<TraceNode, int>(problem.Nodes.Count);
        foreach (var node in problem.Nodes)
        {
            Write(json, node, node.Parent is null ? null : places[node.Parent]);
            places.Add(node, places.Count);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TraceLine.Ended outcome)
    {
        var ledger = outcome.Ledger;
        json.WriteStartObject();
        json.WriteString("answer", outcome.Answer);
        json.WriteNumberOrNull("confidence", outcome.Confidence);
        json.WriteBooleanOrNull("correct", outcome.IsCorrect);
        json.WriteStartObject("ledger");
        json.WriteNumber("generated", ledger.GeneratedTokens);
        json.WriteNumber("prompt", ledger.PromptTokens);
        json.WriteNumber("shared", ledger.SharedTokens);
        json.WriteNumber("reward", ledger.RewardTokens);
        json.WriteNumber("sequential", ledger.SequentialTokens);
        json.WriteNumber("kvAverage", ledger.AverageKvTokens);
        json.WriteNumber("kvPeak", ledger.PeakKvTokens);
        json.WriteNumber("seconds", Seconds(ledger.Time));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TraceNode node, int? parent)
    {
        json.WriteStartObject();
        json.WriteNumber("number", node.Number);
        json.WriteNumberOrNull("up", parent);
        if (node.Prompt is not null)
            json.WriteString("prompt", node.Prompt);
        json.WriteString("text", node.Text);
        json.WriteNumber("tokens", node.TokenCount);
        json.WriteNumber("rewardTokens", node.RewardTokens);
        if (node.Reward is double reward)
            json.WriteNumber("reward", Math.Round(reward, 5));
        json.WriteStartArray("steps");
        foreach (double? step in node.StepRewards)
        {
            if (step is double value)
                json.WriteNumberValue(Math.Round(value, 5));
            else
                json.WriteNullValue();
        }
        json.WriteEndArray();
        if (node.MeanLogProbability is double mean)
            json.WriteNumber("logprob", Math.Round(mean, 5));
        json.WriteNumber("started", Seconds(node.Started));
        json.WriteNumber("ended", Seconds(node.Ended));
        if (node.End is ThoughtEnd end)
            json.WriteString("end", end.ToString().ToLowerInvariant());
        if (node.Answer is not null)
            json.WriteString("answer", node.Answer);
        if (node.Verdict is { } verdict)
            json.WriteString("verdict", verdict.Reason ?? (verdict.IsCorrect switch { true => "holds", false => "fails", null => "could not tell" }));
        if (node.IsCorrect is bool isCorrect)
            json.WriteBoolean("correct", isCorrect);
        if (node.IsChosen)
            json.WriteBoolean("chosen", true);
        if (!node.IsAnswer)
            json.WriteBoolean("opinion", true);
        json.WriteEndObject();
    }

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 6);

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
