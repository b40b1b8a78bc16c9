using System.CommandLine;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Policies;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder layers</c>: what plans of layers are made of, whether one is sound, and the search for a good one.</summary>
internal static class LayersCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new CommandWithExamples("layers", "Lists what plans of layers are made of; checks a plan, and searches for a good one.")
        {
            Remarks = "A plan is a JSON file: {\"layers\": [{\"parts\": [{\"type\": \"generate\", \"samples\": 8}]}, {\"parts\": [{\"type\": \"rank\", \"keep\": 1}]}]}\n"
                + "'ponder solve --strategy \"layers file=FILE\"' thinks by it.",
            Examples =
            [
                "ponder layers",
                "ponder layers check plan.json",
                "ponder layers search --task chain --budget-tokens 400 --evaluations 40 --out plan.json",
            ],
        };
        command.SetAction(_ =>
        {
            List(terminal.Out);
            return ExitCodes.Success;
        });
        command.Add(CreateCheck(terminal));
        command.Add(LayerSearchCommand.Create(terminal));
        return command;
    }

    private static CommandWithExamples CreateCheck(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "The file of the plan." };
        var command = new CommandWithExamples("check", "Reads a plan with all that it refers to, and describes it.") { Examples = ["ponder layers check plan.json"] };
        command.Add(file);
        command.SetAction(parsed =>
        {
            Describe(LayerStrategy.Load(parsed.GetValue(file)!), terminal.Out);
            return ExitCodes.Success;
        });
        return command;
    }

    private static void List(TextWriter output)
    {
        output.WriteLine("Types of parts, for a plan of layers; a layer's parts stand side by side:\n");
        foreach (var row in PartTable.All)
        {
            output.WriteLine($"  {row.Type}");
            output.WriteLine($"      {row.Summary}");
            foreach (var option in row.Options)
                output.WriteLine($"      {option.Name}={OptionText.DefaultOf(option)}  {option.Help.TrimEnd('.')} ({OptionText.RangeOf(option)})");
            output.WriteLine();
        }
    }

    private static void Describe(LayerStrategy strategy, TextWriter output)
    {
        if (strategy.Plan.Name is string name)
            output.WriteLine(name);
        for (int i = 0; i < strategy.Plan.Layers.Count; i++)
            output.WriteLine($"layer {i + 1}: {PlanReport.Line(strategy.Plan.Layers[i])}; gives up to {Units.Times(strategy.CandidatesOfLayers[i], "candidate")}");
        if (strategy.CandidatesOfLayers[^1] > 1)
            output.WriteLine("then: a vote");
        var needs = new List<string>();
        if (strategy.NeedsReward)
            needs.Add("a reward");
        if (strategy.NeedsVerifier)
            needs.Add("a verifier");
        if (strategy.NeedsDrafter)
            needs.Add("a drafter");
        if (strategy.Needs != PolicyFeatures.None)
            needs.Add(strategy.Needs.Describe());
        if (needs.Count > 0)
            output.WriteLine($"needs: {string.Join(", ", needs)}");
    }
}
