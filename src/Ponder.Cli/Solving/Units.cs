using System.Globalization;

namespace Ponder.Cli.Solving;

/// <summary>Figures as people read them.</summary>
internal static class Units
{
    private static readonly string[] Prefixes = ["", "k", "M", "G", "T", "P", "E"];

    /// <summary>A quantity with three digits and a prefix: <c>3.14 GB</c>.</summary>
    /// <param name="value">Not negative.</param>
    /// <param name="unit">What it is counted in.</param>
    public static string Of(double value, string unit)
    {
        int prefix = 0;
        while (value >= 999.5 && prefix < Prefixes.Length - 1)
        {
            value /= 1000;
            prefix++;
        }
        string digits = prefix == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return $"{value.ToString(digits, CultureInfo.InvariantCulture)} {Prefixes[prefix]}{unit}";
    }

    /// <summary>A count with its digits in groups.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A count with its noun, in the plural where it is one.</summary>
    public static string Times(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A text as one line of at most so many characters.</summary>
    public static string OneLine(string text, int most)
    {
        string line = string.Join("  |  ", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        line = string.Concat(line.Select(c => char.IsControl(c) ? ' ' : c));
        if (line.Length <= most)
            return line;
        int end = Math.Max(0, most - 1);
        return (end > 0 && char.IsHighSurrogate(line[end - 1]) ? line[..(end - 1)] : line[..end]) + "…";
    }
}
