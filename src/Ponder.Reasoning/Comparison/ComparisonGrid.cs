using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Comparison;

/// <summary>One cell of a grid: a strategy, fitted to a budget, with a seed, on all problems.</summary>
/// <param name="Strategy">The strategy as the grid names it.</param>
/// <param name="Sized">The same with the size that the budget is likely to hold.</param>
/// <param name="Budget">Tokens a problem, kept to the token.</param>
/// <param name="Seed">The seed.</param>
public sealed record GridCell(string Strategy, string Sized, long Budget, ulong Seed);

/// <summary>What is compared: strategies by budgets by seeds, all on the same problems, and one of the strategies is the control that the others have to beat.</summary>
public sealed class ComparisonGrid
{
    /// <summary>Makes a grid.</summary>
    /// <param name="strategies">Strategies as <see cref="StrategyText"/> reads them, none twice.</param>
    /// <param name="control">The control; it joins the strategies where it is not one of them.</param>
    /// <param name="budgets">Tokens a problem, each at least 1, none twice.</param>
    /// <param name="seeds">Seeds, none twice.</param>
    /// <exception cref="ComparisonException">The grid is empty, or has something twice.</exception>
    /// <exception cref="StrategyException">There is no such strategy or option, or a value is out of range.</exception>
    public ComparisonGrid(IReadOnlyList<string> strategies, string control, IReadOnlyList<long> budgets, IReadOnlyList<ulong> seeds)
    {
        ArgumentNullException.ThrowIfNull(strategies);
        ArgumentNullException.ThrowIfNull(budgets);
        ArgumentNullException.ThrowIfNull(seeds);
        if (strategies.Count == 0)
            throw new ComparisonException("The grid has no strategy; name at least one.");
        string[] names = [.. strategies.Select(Plain)];
        Control = Plain(control);
        Strategies = names.Contains(Control) ? names : [Control, .. names];
        Budgets = [.. budgets.Order()];
        Seeds = [.. seeds];
        DemandDistinct("strategy", Strategies);
        DemandDistinct("budget", Budgets);
        DemandDistinct("seed", Seeds);
        if (Budgets[0] < 1)
            throw new ComparisonException($"A budget is {Budgets[0]} tokens, but must be at least 1.");
    }

    /// <summary>The strategies by their texts, in the order in which they were given; a control that was not given comes first.</summary>
    public IReadOnlyList<string> Strategies { get; }

    /// <summary>The strategy that the others have to beat.</summary>
    public string Control { get; }

    /// <summary>Tokens a problem, the smallest first.</summary>
    public IReadOnlyList<long> Budgets { get; }

    /// <summary>The seeds.</summary>
    public IReadOnlyList<ulong> Seeds { get; }

    /// <summary>The cells in the order in which they run: all of a seed before the next one, so that a grid that is cut off has something of everything.</summary>
    /// <param name="answerTokens">Tokens of a usual answer, above 0: strategies that leave their size open are fitted by it.</param>
    public IReadOnlyList<GridCell> Cells(double answerTokens) =>
    [
        .. from seed in Seeds
           from budget in Budgets
           from strategy in Strategies
           select new GridCell(strategy, Sizing.Fit(strategy, budget, answerTokens), budget, seed),
    ];

    // Read and written anew, so that blanks make no difference; made once, so that what is wrong with it is said now.
    private static string Plain(string text)
    {
        var (name, options) = StrategyText.Parse(text);
        StrategyTable.Create(name, options);
        return StrategyText.Write(name, options);
    }

    private static void DemandDistinct<T>(string what, IReadOnlyList<T> values)
    {
        if (values.Count == 0)
            throw new ComparisonException($"The grid has no {what}; name at least one.");
        if (values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ComparisonException($"The {what} '{twice.Key}' stands twice in the grid.");
    }
}
