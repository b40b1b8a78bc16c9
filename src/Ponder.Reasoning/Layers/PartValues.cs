using System.Globalization;
using Ponder.Numerics;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>The values of a part's options, checked.</summary>
internal sealed class PartValues
{
    private readonly Dictionary<string, string> _values;

    /// <summary>Checks values.</summary>
    /// <param name="row">The part.</param>
    /// <param name="given">What is given of its options.</param>
    /// <exception cref="LayerException">There is no such option, or a value is out of range.</exception>
    public PartValues(PartRow row, IReadOnlyDictionary<string, string> given)
    {
        _values = row.Options.ToDictionary(option => option.Name, option => option.Default);
        foreach (var (name, value) in given)
        {
            if (StrategyValues.Demanded(OptionOf(row, name), value) is string demanded)
                throw new LayerException($"{name} is '{value}'; it must be {demanded}.");
            _values[name] = value;
        }
    }

    /// <summary>The option with a name.</summary>
    /// <exception cref="LayerException">There is none; names the nearest.</exception>
    public static StrategyOption OptionOf(PartRow row, string name) => row.Options.FirstOrDefault(option => option.Name == name) ?? throw new LayerException(
        row.Options.Count == 0
            ? $"a part of the type {row.Type} has no '{name}'."
            : $"a part of the type {row.Type} has no '{name}'; {NearestName.Suggest(name, row.Options.Select(option => option.Name))}");

    /// <summary>A whole number.</summary>
    public int Whole(string name) => int.Parse(_values[name], NumberStyles.Integer, CultureInfo.InvariantCulture);

    /// <summary>A whole number; null where it is left to the settings.</summary>
    public int? WholeOrNull(string name) =>
        int.TryParse(_values[name], NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>A number.</summary>
    public double Number(string name) => double.Parse(_values[name], NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A number; null where it is left to the settings.</summary>
    public double? NumberOrNull(string name) =>
        double.TryParse(_values[name], NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>A name, or a text.</summary>
    public string Text(string name) => _values[name];
}
