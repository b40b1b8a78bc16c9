using System.CommandLine;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Comparison;
using Ponder.Reasoning.Strategies;

namespace Ponder.Cli.Comparing;

/// <summary>The flags that say what is compared.</summary>
internal sealed class GridFlags
{
    private const string Searches = "best-of-n,rebase,beam,particle-filter";
    private const string WithReward = "weighted-best-of-n", WithoutReward = "majority";

    private readonly Option<string> _strategies = new("--strategies")
    {
        Description = "What is compared, with commas between: names from 'ponder strategies', with options behind them, as in \"rebase temperature=0.1,beam width=16\"."
            + " What leaves open its samples or width is fitted to each budget.",
        HelpName = "LIST",
        DefaultValueFactory = _ => Searches,
    };

    private readonly Option<string> _budgets = new("--budgets")
    {
        Description = "Tokens a problem, with commas between; kept to the token.",
        HelpName = "LIST",
        DefaultValueFactory = _ => "1k,4k,16k",
    };

    private readonly Option<int> _seeds = new("--seeds") { Description = "How often each cell runs, each time with the next seed.", HelpName = "N", DefaultValueFactory = _ => 3 };

    private readonly Option<string?> _control = new("--control")
    {
        Description = $"The strategy that the others have to beat. [default: {WithReward} with a reward, else {WithoutReward}]",
        HelpName = "STRATEGY",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        _control.CompletionSources.Add([.. StrategyTable.All.Select(row => row.Name)]);
        foreach (Option option in (Option[])[_strategies, _budgets, _seeds, _control])
            command.Add(option);
    }

    /// <summary>The strategies that are named, the control among them if it is: for what they need.</summary>
    /// <exception cref="StrategyException">There is no such strategy or option, or a value is out of range.</exception>
    public IReadOnlyList<IStrategy> Named(ParseResult parsed) =>
        [.. StrategyText.Split($"{parsed.GetValue(_strategies)},{parsed.GetValue(_control)}").Select(StrategyText.Create)];

    /// <summary>The grid.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="seed">The first seed.</param>
    /// <param name="hasReward">Thoughts can be scored.</param>
    /// <exception cref="UsageException">A number is out of range.</exception>
    /// <exception cref="ComparisonException">The grid is empty, or has something twice.</exception>
    public ComparisonGrid Read(ParseResult parsed, ulong seed, bool hasReward)
    {
        int seeds = Flag.Whole(_seeds.Name, parsed.GetValue(_seeds), 1, 1_000);
        return new ComparisonGrid(
            StrategyText.Split(parsed.GetValue(_strategies)!),
            parsed.GetValue(_control) ?? (hasReward ? WithReward : WithoutReward),
            TokenBudgets.Parse(parsed.GetValue(_budgets)!),
            [.. Enumerable.Range(0, seeds).Select(i => unchecked(seed + (ulong)i))]);
    }
}
