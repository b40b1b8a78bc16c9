using System.CommandLine;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Seeing;

/// <summary>The file and the problem of commands that show a trace.</summary>
internal sealed class TraceArgument
{
    private const int MostProblems = 10_000_000;

    private readonly Argument<string> _file = new("trace") { Description = "A file that 'ponder solve --trace FILE' wrote.", HelpName = "FILE" };
    private readonly Option<int?> _problem = new("--problem") { Description = "Only the problem with this number, from 1.", HelpName = "N" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_problem);
    }

    /// <summary>The index of the problem that is wanted, from 0; null for all.</summary>
    /// <exception cref="UsageException">The number is out of range.</exception>
    public int? Problem(ParseResult parsed) =>
        parsed.GetValue(_problem) is int number ? Flag.Whole("--problem", number, 1, MostProblems) - 1 : null;

    /// <summary>The file.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public string File(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        return Directory.Exists(path) ? throw new UsageException($"{path} is a folder; name a trace.")
            : System.IO.File.Exists(path) ? path
            : throw new UsageException($"There is no file {path}.");
    }

    /// <summary>Demands that there is something to show.</summary>
    /// <exception cref="TraceException">There is not.</exception>
    public static void DemandProblems(int found, int? wanted, string path)
    {
        if (found == 0)
            throw new TraceException(wanted is int index ? $"{path} holds no problem {index + 1}." : $"{path} holds no problem: the run was cut off before the first.");
    }

    /// <summary>Says where a trace is cut; null where it is not.</summary>
    public static string? Caution(TraceReader reader, string path) =>
        reader.CutLine is int line ? $"{path} is cut in line {line}; what stands before it is shown." : null;
}
