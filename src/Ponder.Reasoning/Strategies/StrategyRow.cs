using Ponder.Reasoning.Policies;

namespace Ponder.Reasoning.Strategies;

/// <summary>A strategy as <c>ponder strategies</c> lists it and <c>ponder solve</c> makes it.</summary>
/// <param name="Name">Words with hyphens: <c>best-of-n</c>.</param>
/// <param name="Summary">What it does, in one sentence.</param>
/// <param name="Source">The paper: names and arXiv number.</param>
/// <param name="Cost">What it costs, in a few words, in terms of its options.</param>
/// <param name="Options">Its options.</param>
/// <param name="Create">Makes it from checked values.</param>
public sealed record StrategyRow(
    string Name, string Summary, string Source, string Cost, IReadOnlyList<StrategyOption> Options, Func<StrategyValues, IStrategy> Create)
{
    /// <summary>What the policy must be able to do, of a strategy that has an option without a default; others are asked: <see cref="IStrategy.Needs"/>.</summary>
    public PolicyFeatures Needs { get; init; }

    /// <summary>The option that says how much it spends: <c>samples</c> or <c>width</c>; null for none.</summary>
    public StrategyOption? Size => Options.FirstOrDefault(option => option.Name is "samples" or "width");

    /// <summary>About how many answers' tokens one unit of <see cref="Size"/> costs; above 0.</summary>
    public double AnswersPerUnit { get; init; } = 1;

    /// <summary>Whether it can be made without any option.</summary>
    public bool HasDefaults => Options.All(option => !option.IsText || option.Default.Length > 0);
}

/// <summary>An option of a strategy. Its value is a number, one of some names, or a text.</summary>
/// <param name="Name">Words with hyphens.</param>
/// <param name="Default">The value when none is given, as text.</param>
/// <param name="Help">What it does, in a few words.</param>
public sealed record StrategyOption(string Name, string Default, string Help)
{
    /// <summary>Smallest value of a number.</summary>
    public double Least { get; init; } = double.NegativeInfinity;

    /// <summary>Largest value of a number.</summary>
    public double Most { get; init; } = double.PositiveInfinity;

    /// <summary>Whether a number must be whole.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The names that may be given; empty for a number.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Whether any text may be given.</summary>
    public bool IsText { get; init; }

    /// <summary>Whether the text is that of a strategy: <see cref="StrategyText"/>.</summary>
    public bool IsStrategy { get; init; }

    /// <summary>A whole number.</summary>
    public static StrategyOption Whole(string name, int value, string help, int least = 1, int most = 1_000_000) =>
        new(name, FormattableString.Invariant($"{value}"), help) { Least = least, Most = most, IsWhole = true };

    /// <summary>A number.</summary>
    public static StrategyOption Number(string name, double value, string help, double least = 0, double most = double.PositiveInfinity) =>
        new(name, FormattableString.Invariant($"{value}"), help) { Least = least, Most = most };

    /// <summary>A number that may be left to the settings.</summary>
    public static StrategyOption FromSettings(string name, string help, double least, double most) => new(name, "settings", help) { Least = least, Most = most };

    /// <summary>One of some names.</summary>
    public static StrategyOption OneOf(string name, string value, string help, params IReadOnlyList<string> names) => new(name, value, help) { Names = names };

    /// <summary>Yes or no.</summary>
    public static StrategyOption YesNo(string name, bool value, string help) => OneOf(name, value ? "yes" : "no", help, "yes", "no");

    /// <summary>Any text; one without a default must be given.</summary>
    public static StrategyOption Text(string name, string value, string help) => new(name, value, help) { IsText = true };

    /// <summary>A strategy within this one, as <see cref="StrategyText"/> writes it.</summary>
    public static StrategyOption Strategy(string name, string value, string help) => new(name, value, help) { IsText = true, IsStrategy = true };

    /// <summary>How many samples: the option that most strategies have, and that <c>--samples</c> sets.</summary>
    public static StrategyOption Samples(int value) => Whole("samples", value, "Answers to draw.");
}
