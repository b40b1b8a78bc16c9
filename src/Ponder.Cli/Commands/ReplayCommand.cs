using System.CommandLine;
using Ponder.Cli.Seeing;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Commands;

/// <summary><c>ponder replay</c>: steps through a trace in the terminal.</summary>
internal static class ReplayCommand
{
    private const int WidestText = 160;
    private const string OtherScreen = "\u001b[?1049h\u001b[?25l", FirstScreen = "\u001b[?25h\u001b[?1049l", Clear = "\u001b[H\u001b[J";

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var trace = new TraceArgument();
        var all = new Option<bool>("--all") { Description = "Print all events, one a line; so it is where no one types." };
        var command = new CommandWithExamples("replay", "Steps through a trace: how the tree of thoughts grew.")
        {
            Remarks = "Keys: space or right for the next event, left for the one before, up and down for ten, Home, End, n for the next problem, q to end.",
            Examples = ["ponder replay thoughts.jsonl", "ponder replay thoughts.jsonl --problem 3", "ponder replay thoughts.jsonl --all | less"],
        };
        trace.AddTo(command);
        command.Add(all);
        command.SetAction(async (parsed, _) =>
        {
            string path = trace.File(parsed);
            int? wanted = trace.Problem(parsed);
            using var reader = new TraceReader(path);
            if (!parsed.GetValue(all) && terminal.InputIsTerminal && terminal.OutputIsTerminal)
                Step(terminal, reader, path, wanted);
            else
                await PrintAsync(terminal, reader, path, wanted).ConfigureAwait(false);
            if (TraceArgument.Caution(reader, path) is string caution)
                terminal.Note(caution);
            return ExitCodes.Success;
        });
        return command;
    }

    private static async Task PrintAsync(Terminal terminal, TraceReader reader, string path, int? wanted)
    {
        int printed = 0, first = -1;
        bool several = false;
        foreach (var line in reader.ReadAll().Where(line => wanted is null || line.Problem == wanted))
        {
            first = printed == 0 ? line.Problem : first;
            several |= line.Problem != first;
            // Problems run side by side: from the second on, every line says whose it is.
            string whose = several && line is not TraceLine.Began ? $"  [{line.Problem + 1}]" : "";
            await terminal.Out.WriteLineAsync(TraceSentence.Of(line, WidestText) + whose).ConfigureAwait(false);
            printed++;
        }
        TraceArgument.DemandProblems(printed, wanted, path);
    }

    private static void Step(Terminal terminal, TraceReader reader, string path, int? wanted)
    {
        // Problems run side by side; they are gone through one after another.
        TraceLine[] lines = [.. reader.ReadAll().Where(line => wanted is null || line.Problem == wanted).OrderBy(line => line.Problem)];
        TraceArgument.DemandProblems(lines.Length, wanted, path);
        var replay = new Replay(reader.Head, lines);
        var console = BoardText.ConsoleOn(terminal.Out);
        Console.TreatControlCAsInput = true;                    // the screen is put back before the end
        terminal.Out.Write(OtherScreen);
        try
        {
            do
            {
                terminal.Out.Write(Clear);
                console.Write(new BoardText(replay.Lines(Math.Max(20, console.Profile.Width - 1), Math.Max(8, console.Profile.Height - 1))));
                terminal.Out.Flush();
            }
            while (replay.Take(Console.ReadKey(intercept: true)));
        }
        finally
        {
            terminal.Out.Write(FirstScreen);
            terminal.Out.Flush();
            Console.TreatControlCAsInput = false;
        }
    }
}
