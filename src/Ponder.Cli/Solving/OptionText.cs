using System.Globalization;
using Ponder.Reasoning.Strategies;

namespace Ponder.Cli.Solving;

/// <summary>Options of strategies, and of what they are made of, as lists show them.</summary>
internal static class OptionText
{
    /// <summary>The default, on one line.</summary>
    public static string DefaultOf(StrategyOption option) => option.Default.Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>What may be given, in a few words.</summary>
    public static string RangeOf(StrategyOption option)
    {
        if (option.Names.Count > 0)
            return string.Join(" or ", option.Names);
        if (option.IsStrategy)
            return "a strategy with its options";
        if (option.IsText)
            return option.Default.Length > 0 ? "text" : "text, must be given";
        string number = option.IsWhole ? "whole" : "number";
        return (double.IsFinite(option.Least), double.IsFinite(option.Most)) switch
        {
            (true, true) => string.Create(CultureInfo.InvariantCulture, $"{number}, {option.Least} to {option.Most}"),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $"{number}, from {option.Least}"),
            (false, true) => string.Create(CultureInfo.InvariantCulture, $"{number}, up to {option.Most}"),
            _ => number,
        };
    }
}
