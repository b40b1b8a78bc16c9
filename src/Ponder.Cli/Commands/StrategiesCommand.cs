using System.CommandLine;
using System.Text.Json;
using Ponder.Cli.Flags;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder strategies</c>: the ways to think, and what may judge.</summary>
internal static class StrategiesCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string?>("NAME") { Description = "One strategy alone.", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add([.. StrategyTable.All.Select(row => row.Name)]);
        var json = JsonFlag.Create("one object with strategies, rewards, verifiers and tasks");
        var command = new CommandWithExamples("strategies", "Lists the strategies of 'ponder solve' with their options, rewards, verifiers and tasks.")
        {
            Examples = ["ponder strategies", "ponder strategies majority", "ponder strategies --json"],
        };
        command.Add(name);
        command.Add(json);
        command.SetAction(parsed =>
        {
            IReadOnlyList<StrategyRow> rows = parsed.GetValue(name) is string wanted ? [StrategyTable.Require(wanted)] : StrategyTable.All;
            if (parsed.GetValue(json))
                terminal.Out.WriteLine(Json(rows));
            else
                Print(rows, rows == StrategyTable.All, terminal.Out);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Print(IReadOnlyList<StrategyRow> rows, bool all, TextWriter output)
    {
        if (all)
            output.WriteLine("Strategies, for --strategy NAME with --set OPTION=VALUE:\n");
        foreach (var row in rows)
        {
            output.WriteLine($"  {row.Name}");
            output.WriteLine($"      {row.Summary}");
            foreach (var option in row.Options)
                output.WriteLine($"      {option.Name}={OptionText.DefaultOf(option)}  {option.Help.TrimEnd('.')} ({OptionText.RangeOf(option)})");
            output.WriteLine($"      costs {row.Cost}{Needing(row)}; {row.Source}");
            output.WriteLine();
        }
        if (!all)
            return;
        PrintNames("Rewards, for --reward (or a model):", RewardTable.All.Select(reward => (reward.Name, reward.Summary)), output);
        PrintNames("Verifiers, for --verifier:", JudgeFlags.Verifiers.Select(verifier => (verifier.Name + verifier.Argument, verifier.Summary)), output);
        PrintNames("Tasks, for --task and the field 'task' of a file:", TaskTable.All.Select(task => (task.Name, task.Summary)), output);
    }

    private static void PrintNames(string title, IEnumerable<(string Name, string Summary)> rows, TextWriter output)
    {
        (string Name, string Summary)[] all = [.. rows];
        int width = all.Max(row => row.Name.Length);
        output.WriteLine($"{title}\n");
        foreach (var (name, summary) in all)
            output.WriteLine($"  {name.PadRight(width)}  {summary}");
        output.WriteLine();
    }

    private static string Needing(StrategyRow row)
    {
        var needs = NeedsOf(row);
        return needs.Count == 0 ? "" : $"; needs {string.Join(", ", needs)}";
    }

    private static List<string> NeedsOf(StrategyRow row)
    {
        var strategy = row.HasDefaults ? StrategyTable.Create(row.Name) : null;
        var needs = new List<string>();
        if (strategy?.NeedsReward == true)
            needs.Add("a reward");
        if (strategy?.NeedsVerifier == true)
            needs.Add("a verifier");
        if (strategy?.NeedsDrafter == true)
            needs.Add("a drafter");
        (PolicyFeatures Feature, string Name)[] features =
        [
            (PolicyFeatures.Branches, "branches"), (PolicyFeatures.LogProbabilities, "log-probabilities"),
            (PolicyFeatures.Choices, "choices"), (PolicyFeatures.HiddenStates, "hidden states"),
        ];
        needs.AddRange(features.Where(feature => (strategy?.Needs ?? row.Needs).HasFlag(feature.Feature)).Select(feature => feature.Name));
        return needs;
    }

    private static string Json(IReadOnlyList<StrategyRow> rows) => JsonText.Of(
        json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("strategies");
            foreach (var row in rows)
                Write(json, row);
            json.WriteEndArray();
            WriteNames("rewards", RewardTable.All.Select(reward => (reward.Name, reward.Summary)));
            WriteNames("verifiers", JudgeFlags.Verifiers.Select(verifier => (verifier.Name + verifier.Argument, verifier.Summary)));
            WriteNames("tasks", TaskTable.All.Select(task => (task.Name, task.Summary)));
            json.WriteEndObject();

            void WriteNames(string title, IEnumerable<(string Name, string Summary)> names)
            {
                json.WriteStartArray(title);
                foreach (var (name, summary) in names)
                {
                    json.WriteStartObject();
                    json.WriteString("name", name);
                    json.WriteString("summary", summary);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        },
        indented: true);

    private static void Write(Utf8JsonWriter json, StrategyRow row)
    {
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("summary", row.Summary);
        json.WriteString("source", row.Source);
        json.WriteString("cost", row.Cost);
        json.WriteStartArray("needs");
        foreach (string need in NeedsOf(row))
            json.WriteStringValue(need);
        json.WriteEndArray();
        json.WriteStartArray("options");
        foreach (var option in row.Options)
        {
            json.WriteStartObject();
            json.WriteString("name", option.Name);
            json.WriteString("default", option.Default);
            json.WriteString("help", option.Help);
            if (option.Names.Count > 0)
            {
                json.WriteStartArray("names");
                foreach (string name in option.Names)
                    json.WriteStringValue(name);
                json.WriteEndArray();
            }
            else if (!option.IsText)
            {
                json.WriteNumberOrNull("least", option.Least);
                json.WriteNumberOrNull("most", option.Most);
                json.WriteBoolean("whole", option.IsWhole);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
