using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;
using Ponder.Cli.Commands;
using Ponder.Numerics;

namespace Ponder.Cli;

/// <summary>The whole command line: the table of commands, and how errors become sentences and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>Environment variable: set to 1, errors come with their stack trace.</summary>
    public const string TraceVariable = "PONDER_TRACE";

    /// <summary>The commands by name, in the order of the help. A command is made only when it may run: start-up stays short.</summary>
    private static readonly (string Name, Func<Terminal, Command> Create)[] Commands =
    [
        ("solve", SolveCommand.Create),
        ("compare", CompareCommand.Create),
        ("strategies", StrategiesCommand.Create),
        ("replay", ReplayCommand.Create),
        ("tree", TreeCommand.Create),
        ("calibrate", CalibrateCommand.Create),
        ("layers", LayersCommand.Create),
        ("probe", ProbeCommand.Create),
        ("run", RunCommand.Create),
        ("chat", ChatCommand.Create),
        ("batch", BatchCommand.Create),
        ("embed", EmbedCommand.Create),
        ("perplexity", PerplexityCommand.Create),
        ("info", InfoCommand.Create),
        ("pull", PullCommand.Create),
        ("models", ModelsCommand.Create),
        ("tokenize", TokenizeCommand.Create),
        ("template", TemplateCommand.Create),
        ("score", ScoreCommand.Create),
        ("logits", LogitsCommand.Create),
        ("bench", BenchCommand.Create),
        ("tune", TuneCommand.Create),
        ("new", NewCommand.Create),
        ("completion", CompletionCommand.Create),
    ];

    /// <summary>Runs a command.</summary>
    /// <param name="args">What the user typed after <c>ponder</c>.</param>
    /// <param name="terminal">Where it reads and writes.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        using var listening = terminal.Interrupts.Listen();
        try
        {
            // A text that begins with @ is a text, not the name of a file of arguments.
            var parsed = Root(terminal, args).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction || parsed.Action is null && parsed.Errors.Count > 0)
                throw new UsageException(ParseErrors.Sentence(parsed));
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = terminal.Out,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,               // Ctrl-C is the commands' own
            }).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            return Report(error, terminal);
        }
        finally
        {
            await terminal.Out.FlushAsync().ConfigureAwait(false);
        }
    }

    private static RootCommand Root(Terminal terminal, string[] args)
    {
        var root = new RootCommand("Runs language models in pure .NET, and thinks before it answers.");
        root.SetAction(parsed => root.Parse(["--help"]).Invoke(parsed.InvocationConfiguration));
        bool isKnown = args.Length > 0 && Commands.Any(command => command.Name == args[0]);
        foreach (var (name, create) in Commands)
        {
            if (!isKnown || name == args[0])
                root.Add(create(terminal));
        }
        CommandWithExamples.ShowIn(root);
        root.Options.OfType<VersionOption>().Single().Action = new PrintVersion();
        return root;
    }

    private static int Report(Exception error, Terminal terminal)
    {
        if (error is OperationCanceledException)
            return ExitCodes.Interrupted;
        bool trace = Environment.GetEnvironmentVariable(TraceVariable) == "1";
        // The file system refuses what the user named, or a disk is full: theirs to mend.
        bool expected = error is PonderException or ArgumentException or IOException or UnauthorizedAccessException;
        terminal.Note(expected
            ? Sentence(error)
            : $"unexpected {error.GetType().Name}: {FirstLine(error.Message)} (set {TraceVariable}=1 to see where)");
        if (trace)
            terminal.Error.WriteLine(error);
        return expected ? ExitCodes.BadInput : ExitCodes.Failure;
    }

    /// <summary>
    /// The message of an error as one line, without what the runtime adds for programmers; a field of options has the name that the user knows.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="nameOf">What the user calls a field; null for the name of its flag.</param>
    internal static string Sentence(Exception error, Func<string, string>? nameOf = null)
    {
        string line = FirstLine(error.Message);
        if (error is not ArgumentException { ParamName: { Length: > 0 } name })
            return line;
        line = line.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal);
        return line.StartsWith(name, StringComparison.OrdinalIgnoreCase) && char.IsUpper(name[0]) ? (nameOf ?? FlagOf)(name) + line[name.Length..] : line;
    }

    /// <summary><c>MaxTokens</c> is <c>--max-tokens</c> on the command line.</summary>
    private static string FlagOf(string field) => "-" + string.Concat(field.Select(c => char.IsUpper(c) ? $"-{char.ToLowerInvariant(c)}" : $"{c}"));

    private static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        return end < 0 ? message : message[..end];
    }

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var version = typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>();
            parseResult.InvocationConfiguration.Output.WriteLine($"ponder {version?.InformationalVersion}");
            return ExitCodes.Success;
        }
    }
}
