using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ponder.Cli;

/// <summary>A command whose help ends with remarks and examples.</summary>
/// <param name="name">What the user types.</param>
/// <param name="description">One sentence, which the list of commands shows too.</param>
internal sealed class CommandWithExamples(string name, string description) : Command(name, description)
{
    /// <summary>What is worth knowing besides.</summary>
    public string Remarks { get; init; } = "";

    /// <summary>Whole command lines.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Lets the help option of a root command print remarks and examples of its commands.</summary>
    public static void ShowIn(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            if (parseResult.CommandResult.Command is CommandWithExamples command)
            {
                var output = parseResult.InvocationConfiguration.Output;
                if (command.Remarks.Length > 0)
                    output.WriteLine($"{command.Remarks}{Environment.NewLine}");
                output.WriteLine("Examples:");
                foreach (string example in command.Examples)
                    output.WriteLine($"  {example}");
            }
            return code;
        }
    }
}
