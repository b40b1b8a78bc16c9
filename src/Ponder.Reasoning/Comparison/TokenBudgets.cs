using System.Globalization;

namespace Ponder.Reasoning.Comparison;

/// <summary>Budgets of tokens as people write them: <c>500</c>, <c>1k</c>, <c>1.5k</c>, <c>2M</c>.</summary>
public static class TokenBudgets
{
    private const decimal Most = 1_000_000_000_000;

    /// <summary>Reads a list.</summary>
    /// <param name="list">Budgets with commas between them.</param>
    /// <returns>The budgets, the smallest first.</returns>
    /// <exception cref="ComparisonException">A part is no whole number of tokens from 1 to 10^12, comes twice, or there is none.</exception>
    public static IReadOnlyList<long> Parse(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        long[] budgets = [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(ParseOne).Order()];
        if (budgets.Length == 0)
            throw new ComparisonException($"'{list}' names no budget; budgets are tokens a problem, such as 1k,4k,16k.");
        for (int i = 1; i < budgets.Length; i++)
        {
            if (budgets[i] == budgets[i - 1])
                throw new ComparisonException($"The budget {Name(budgets[i])} stands twice in '{list}'.");
        }
        return budgets;
    }

    /// <summary>Writes a budget: thousands as <c>4k</c>, millions as <c>2M</c>, anything else digit by digit.</summary>
    public static string Name(long tokens) => tokens switch
    {
        >= 1_000_000 when tokens % 1_000_000 == 0 => FormattableString.Invariant($"{tokens / 1_000_000}M"),
        >= 1_000 when tokens % 1_000 == 0 => FormattableString.Invariant($"{tokens / 1_000}k"),
        _ => FormattableString.Invariant($"{tokens}"),
    };

    private static long ParseOne(string text)
    {
        decimal unit = text[^1] switch { 'k' or 'K' => 1_000, 'M' => 1_000_000, _ => 1 };
        string digits = unit == 1 ? text : text[..^1];
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
            && number <= Most / unit && number * unit >= 1 && decimal.IsInteger(number * unit)
            ? (long)(number * unit)
            : throw new ComparisonException($"The budget '{text}' is no whole number of tokens from 1 to 10^12; write it as 500, 1k or 1.5k.");
    }
}
