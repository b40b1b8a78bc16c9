using System.CommandLine;
using System.CommandLine.Parsing;
using Ponder.Numerics;

namespace Ponder.Cli;

/// <summary>Says in one sentence what is wrong with a command line.</summary>
internal static class ParseErrors
{
    /// <summary>The sentence for the first error.</summary>
    public static string Sentence(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        string called = command is RootCommand ? "ponder" : $"ponder {command.Name}";
        string problem = parsed.UnmatchedTokens.Count > 0 ? Unknown(command, parsed.UnmatchedTokens[0]) : Wrong(parsed.Errors[0]);
        return $"{problem}; see '{called} --help'.";
    }

    private static string Unknown(Command command, string token)
    {
        bool isOption = token.StartsWith('-') && token.Length > 1;
        string kind = isOption ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var names = isOption ? OptionNames(command) : command.Subcommands.Select(c => c.Name);
        string hint = NearestName.Of(token.Split('=')[0], names) is { } nearest ? $" (did you mean '{nearest}'?)" : "";
        return $"there is no {kind} '{token}'{hint}";
    }

    private static IEnumerable<string> OptionNames(Command command) =>
        command.Options.Concat(command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive))
            .Where(option => !option.Hidden)
            .SelectMany(option => option.Aliases.Append(option.Name));

    private static string OneLine(string message) =>
        string.Join(' ', message.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .TrimEnd('.');

    // The parser's own words name .NET types.
    private static string Wrong(ParseError error)
    {
        var option = error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;
        var type = option is null ? null : Nullable.GetUnderlyingType(option.Option.ValueType) ?? option.Option.ValueType;
        string? wanted = type == typeof(double) || type == typeof(float) ? "a number"
            : type == typeof(int) ? "a whole number"
            : type == typeof(ulong) ? "a whole number from 0"
            : null;
        return option is { Tokens: [var token, ..] } && wanted is not null && error.Message.Contains("type", StringComparison.Ordinal)
            ? $"{option.Option.Name} wants {wanted}, not '{token.Value}'"
            : error switch
            {
                { SymbolResult: ArgumentResult { Tokens: [], Parent: CommandResult } argument } => $"{argument.Argument.Name} is missing",
                { SymbolResult: OptionResult { Tokens: [] } missing } => $"{missing.Option.Name} wants a value",
                _ => OneLine(error.Message),
            };
    }
}
