using System.Globalization;
using Ponder.Numerics;

namespace Ponder.Reasoning.Strategies;

/// <summary>The values of a strategy's options, checked.</summary>
public sealed class StrategyValues
{
    private readonly Dictionary<string, string> _values;

    internal StrategyValues(StrategyRow row, IReadOnlyDictionary<string, string> given)
    {
        _values = row.Options.ToDictionary(option => option.Name, option => option.Default);
        foreach (var (name, value) in given)
        {
            var option = row.Options.FirstOrDefault(option => option.Name == name) ?? throw new StrategyException(
                row.Options.Count == 0
                    ? $"The strategy {row.Name} has no options, and so no '{name}'."
                    : $"The strategy {row.Name} has no option '{name}'; {NearestName.Suggest(name, row.Options.Select(o => o.Name))}");
            Demand(row, option, value);
            _values[name] = value;
        }
        if (row.Options.FirstOrDefault(option => option.IsText && _values[option.Name].Length == 0) is { } missing)
            throw new StrategyException($"The strategy {row.Name} needs a value for its option {missing.Name}: {missing.Help}");
    }

    /// <summary>A whole number.</summary>
    public int Whole(string name) => int.Parse(_values[name], NumberStyles.Integer, CultureInfo.InvariantCulture);

    /// <summary>A number.</summary>
    public double Number(string name) => double.Parse(_values[name], NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A number; null where it is left to the settings.</summary>
    public double? NumberOrNull(string name) =>
        double.TryParse(_values[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>Whether the name is <c>yes</c>.</summary>
    public bool IsYes(string name) => _values[name] == "yes";

    /// <summary>A name.</summary>
    public string Name(string name) => _values[name];

    /// <summary>A text.</summary>
    public string Text(string name) => _values[name];

    /// <summary>A strategy.</summary>
    /// <exception cref="StrategyException">There is no such strategy, option or value.</exception>
    public IStrategy Strategy(string name) => StrategyText.Create(_values[name]);

    /// <summary>What a value has to be, where it is something else; null where it may stand.</summary>
    internal static string? Demanded(StrategyOption option, string value)
    {
        if (option.IsText || value == option.Default)
            return null;
        if (option.Names.Count > 0)
            return option.Names.Contains(value) ? null : string.Join(" or ", option.Names);
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && number >= option.Least && number <= option.Most
            && (!option.IsWhole || int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _)))
        {
            return null;
        }
        string range = double.IsFinite(option.Most)
            ? string.Create(CultureInfo.InvariantCulture, $"from {option.Least} to {option.Most}")
            : string.Create(CultureInfo.InvariantCulture, $"at least {option.Least}");
        return $"a {(option.IsWhole ? "whole " : "")}number {range}";
    }

    private static void Demand(StrategyRow row, StrategyOption option, string value)
    {
        if (Demanded(option, value) is string demanded)
            throw new StrategyException($"The option {option.Name} of {row.Name} is '{value}'; it must be {demanded}.");
    }
}
