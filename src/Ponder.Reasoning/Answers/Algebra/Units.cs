using System.Collections.Frozen;

namespace Ponder.Reasoning.Answers.Algebra;

/// <summary>Units of measure by their many names. Answers are told apart by a unit only where both have one that is known here.</summary>
internal static class Units
{
    private static readonly FrozenDictionary<string, string> Names = new Dictionary<string, string[]>
    {
        ["mm"] = ["millimeter", "millimetre"],
        ["cm"] = ["centimeter", "centimetre"],
        ["m"] = ["meter", "metre"],
        ["km"] = ["kilometer", "kilometre"],
        ["in"] = ["inch", "inche"],
        ["ft"] = ["foot", "feet"],
        ["yd"] = ["yard"],
        ["mi"] = ["mile"],
        ["g"] = ["gram"],
        ["kg"] = ["kilogram"],
        ["mg"] = ["milligram"],
        ["lb"] = ["pound"],
        ["oz"] = ["ounce"],
        ["ml"] = ["milliliter", "millilitre"],
        ["l"] = ["liter", "litre"],
        ["s"] = ["second", "sec"],
        ["min"] = ["minute"],
        ["h"] = ["hour", "hr"],
        ["day"] = [],
        ["week"] = [],
        ["month"] = [],
        ["year"] = ["yr"],
        ["cent"] = ["¢"],
        ["dollar"] = [],
        ["degree"] = ["°"],
        ["%"] = ["percent"],
    }.SelectMany(unit => unit.Value.Append(unit.Key).Select(name => (Name: name, unit.Key))).ToFrozenDictionary(pair => pair.Name, pair => pair.Key);

    /// <summary>Whether two units can be the same: neither is known to be another than the other.</summary>
    public static bool MayAgree(string? a, string? b) =>
        a is null || b is null || Canonical(a) is not string first || Canonical(b) is not string second || first == second;

    private static string? Canonical(string unit)
    {
        var words = unit.ToLowerInvariant().Replace(".", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        string power = "";
        if (words.Count > 1 && words[0] is "square" or "sq" or "cubic")
        {
            power = words[0] == "cubic" ? "^3" : "^2";
            words.RemoveAt(0);
        }
        else if (words.Count > 1 && words[^1] is "squared" or "cubed")
        {
            power = words[^1] == "cubed" ? "^3" : "^2";
            words.RemoveAt(words.Count - 1);
        }
        if (words.Count != 1)
            return null;
        string name = words[0];
        if (power.Length == 0 && name.IndexOf('^', StringComparison.Ordinal) is > 0 and var caret)
            (name, power) = (name[..caret], name[caret..]);
        return (Names.GetValueOrDefault(name) ?? Names.GetValueOrDefault(name.TrimEnd('s'))) is string known ? known + power : null;
    }
}
