using System.Globalization;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Auto;

/// <summary>Strategies that differ in nothing but their size.</summary>
/// <param name="Text">The strategy without its size.</param>
/// <param name="SizeOption">The option that sets the size; null where there is none.</param>
internal sealed record StrategyFamily(string Text, string? SizeOption)
{
    /// <summary>The strategy's name.</summary>
    public string Name => StrategyText.Parse(Text).Name;

    /// <summary>Parts a strategy into its family and its size; one that does not say its size has the default's.</summary>
    /// <exception cref="StrategyException">The text cannot be read, or there is no such strategy.</exception>
    public static (StrategyFamily Family, int? Size) Of(string text)
    {
        var (name, options) = StrategyText.Parse(text);
        if (StrategyTable.Require(name).Size is not { } size)
            return (new StrategyFamily(text, null), null);
        string value = options.GetValueOrDefault(size.Name) ?? size.Default;
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int units) || units < 1)
            throw new StrategyException($"The size of the strategy '{text}' is '{value}', but must be a whole number from 1.");
        return (new StrategyFamily(StrategyText.Write(name, options.Where(option => option.Key != size.Name)), size.Name), units);
    }

    /// <summary>The strategy of a size.</summary>
    public string Sized(int? size)
    {
        if (SizeOption is null || size is null)
            return Text;
        var (name, options) = StrategyText.Parse(Text);
        return StrategyText.Write(name, [KeyValuePair.Create(SizeOption, size.Value.ToString(CultureInfo.InvariantCulture)), .. options]);
    }
}
