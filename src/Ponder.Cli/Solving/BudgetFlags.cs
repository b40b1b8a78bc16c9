using System.CommandLine;
using Ponder.Reasoning.Budgets;

namespace Ponder.Cli.Solving;

/// <summary>The flags that say what may be spent on one problem.</summary>
internal sealed class BudgetFlags
{
    private const double MostSeconds = 4_000_000;               // what a timer can wait for

    private readonly Option<long?> _tokens = new("--budget-tokens")
    {
        Description = "Most tokens to draw for a problem, judges' included; kept to the token.",
        HelpName = "N",
    };

    private readonly Option<long?> _sequential = new("--budget-sequential")
    {
        Description = "Most tokens to draw one after another; thoughts side by side count once.",
        HelpName = "N",
    };

    private readonly Option<int?> _samples = new("--budget-samples") { Description = "Most answers to begin, whatever the strategy.", HelpName = "N" };

    private readonly Option<double?> _seconds = new("--budget-seconds")
    {
        Description = "Most time for a problem; what there is then counts. A run that time cuts cannot be repeated exactly.",
        HelpName = "T",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_tokens);
        command.Add(_sequential);
        command.Add(_samples);
        command.Add(_seconds);
    }

    /// <summary>What they say.</summary>
    /// <exception cref="UsageException">A limit is out of range.</exception>
    public Budget Read(ParseResult parsed) => new()
    {
        Tokens = parsed.GetValue(_tokens) is long tokens ? Flag.Whole(_tokens.Name, tokens, 1) : null,
        SequentialTokens = parsed.GetValue(_sequential) is long sequential ? Flag.Whole(_sequential.Name, sequential, 1) : null,
        Samples = parsed.GetValue(_samples) is int samples ? Flag.Whole(_samples.Name, samples, 1, int.MaxValue) : null,
        Time = parsed.GetValue(_seconds) is double seconds ? TimeSpan.FromSeconds(Flag.Positive(_seconds.Name, seconds, MostSeconds)) : null,
    };
}
