using System.CommandLine;
using System.Text;
using Ponder.Cli.Seeing;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder tree</c>: draws the thoughts of a trace on one page for a browser.</summary>
internal static class TreeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var trace = new TraceArgument();
        var output = new Option<string>("--out") { Description = "The page to write.", HelpName = "FILE.html", Required = true };
        var force = new Option<bool>("--force") { Description = "Overwrite a file." };
        var command = new CommandWithExamples("tree", "Draws the thoughts of a trace as a tree, on one page for a browser.")
        {
            Remarks = "The page needs nothing but itself: it opens from a file, without a network. A trace that was cut off is drawn as far as it goes.",
            Examples =
            [
                "ponder solve --strategy rebase --width 8 --reward exact-steps --trace thoughts.jsonl",
                "ponder tree thoughts.jsonl --out tree.html",
            ],
        };
        trace.AddTo(command);
        command.Add(output);
        command.Add(force);
        command.SetAction(async (parsed, stop) =>
        {
            string path = trace.File(parsed), page = parsed.GetValue(output)!;
            int? wanted = trace.Problem(parsed);
            Flag.DemandNewFile("--out", page, parsed.GetValue(force));
            using var reader = new TraceReader(path);
            var problems = TraceProblem.ReadAll(reader, wanted);
            TraceArgument.DemandProblems(problems.Count, wanted, path);
            string? caution = TraceArgument.Caution(reader, path);
            if (caution is not null)
                terminal.Note(caution);
            await File.WriteAllTextAsync(page, TreePage.Of(reader.Head, problems, caution), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), stop).ConfigureAwait(false);
            int thoughts = problems.Sum(problem => problem.Nodes.Count(node => node.Parent is not null));
            await terminal.Out.WriteLineAsync($"{Units.Times(thoughts, "thought")} of {Units.Times(problems.Count, "problem")} in {page}").ConfigureAwait(false);
            return ExitCodes.Success;
        });
        return command;
    }
}
