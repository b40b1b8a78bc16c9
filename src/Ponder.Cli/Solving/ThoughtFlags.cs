using System.CommandLine;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Verifiers.Code;

namespace Ponder.Cli.Solving;

/// <summary>The flags that say what a thought is: how long, what ends it, and what ends a step of it.</summary>
internal sealed class ThoughtFlags
{
    private const int PuzzleTokens = 128, OtherTokens = 1024;
    private const string PuzzleStep = "\n";

    private readonly Option<int?> _maxTokens = new("--max-tokens")
    {
        Description = "Most tokens of a thought. [default: 128 for the model puzzles, else 1024]",
        HelpName = "N",
    };

    private readonly Option<string[]> _stop = new("--stop") { Description = "End an answer before this text; may be repeated.", HelpName = "TEXT" };

    private readonly Option<string?> _step = new("--step")
    {
        Description = @"What ends a step of a thought; \n is a line's end. [default: \n for the model puzzles, else \n\n]",
        HelpName = "TEXT",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_maxTokens, _stop, _step])
            command.Add(option);
    }

    /// <summary>Settings that say what a thought is, and what runs programs in it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="isShipped">Whether the model is the one that ships with the program.</param>
    /// <exception cref="UsageException">A flag is out of range.</exception>
    public SolveSettings Read(ParseResult parsed, bool isShipped) => new()
    {
        MaxTokens = parsed.GetValue(_maxTokens) is int asked ? Flag.Whole(_maxTokens.Name, asked, 1, 1_000_000) : isShipped ? PuzzleTokens : OtherTokens,
        Stop = parsed.GetValue(_stop) ?? [],
        StepDelimiter = StepOf(parsed) ?? (isShipped ? PuzzleStep : new SolveSettings().StepDelimiter),
        Runner = CodeVerifier.Missing(CodeLanguage.Python) is null ? new CodeSandbox() : null,
    };

    private string? StepOf(ParseResult parsed) =>
        parsed.GetValue(_step)?.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal);
}
