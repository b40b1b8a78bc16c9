using System.Text.RegularExpressions;

namespace Ponder.Reasoning.Answers.Numbers;

/// <summary>
/// Finds numbers in running text: thousands separators (<c>1,234</c>, <c>1{,}234</c>, <c>10,\!080</c>), currency, decimals, fractions
/// (<c>3/4</c>, <c>\frac{3}{4}</c>, <c>5 1/2</c>), percentages, signs, exponents. Times of day and ratios (<c>10:30</c>) hold no number.
/// </summary>
internal static partial class NumberScanner
{
    // Numbers stand at the end of a text; what is longer is not read from its beginning.
    private const int MaxLength = 100_000;

    // Every repetition inside is bounded or over one class of characters: the time grows with the length alone.
    [GeneratedRegex("""
        (?<![\p{L}_\d] | \d[.:])
        (?<sign> (?<![\p{L}\d)\]}] | \d\s) [-−+] )?
        (?: \\? [$€£¥] \s? )?
        (?<sign> [-−] )?
        (?:
            (?: (?<wholes>\d{1,9}) \s? )? \\[dtc]?frac \s? (?: \{(?<top>\d{1,100})\} | (?<top>\d) ) \s? (?: \{(?<bottom>\d{1,100})\} | (?<bottom>\d) )
          | (?<wholes>\d{1,9}) \x20 (?<top>\d{1,9}) / (?<bottom>\d{1,9}) (?![\d.])
          | (?: (?<whole>\d{1,3}) (?: (?: , | \{,\} | ,\\!\s? | \\, ) (?<whole>\d{3}) ){1,50} (?!\d) | (?<whole>\d+) )? (?: \. (?<fraction>\d+) )? (?<=\d)
            (?: [eE] (?<exponent>[+-]?\d{1,4}) (?!\w) | \s? (?: \\times | \\cdot | [x×*] ) \s? 10 \s? \^ \s? \{? (?<exponent>[-−]?\d{1,4}) \}? )?
            (?: \s? / \s? (?<bottom>\d{1,100}) (?![\d.]) )?
        )
        (?! :\d )
        (?: \s? \\? (?<percent>%) )?
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Numbers { get; }

    /// <summary>The first number of a text; null for none.</summary>
    public static WrittenNumber? First(string text)
    {
        for (var match = Numbers.Match(Tail(text)); match.Success; match = match.NextMatch())
        {
            if (Read(match) is WrittenNumber number)
                return number;
        }
        return null;
    }

    /// <summary>The last number of a text; null for none.</summary>
    public static WrittenNumber? Last(string text)
    {
        WrittenNumber? last = null;
        for (var match = Numbers.Match(Tail(text)); match.Success; match = match.NextMatch())
            last = Read(match) ?? last;
        return last;
    }

    private static string Tail(string text) => text.Length <= MaxLength ? text : text[^MaxLength..];

    private static WrittenNumber? Read(Match match)
    {
        string whole = string.Concat(match.Groups["whole"].Captures.Select(part => part.Value));
        string fraction = match.Groups["fraction"].Value;
        string exponent = match.Groups["exponent"].Value.Replace('−', '-');
        string wholes = match.Groups["wholes"].Value, top = match.Groups["top"].Value, bottom = match.Groups["bottom"].Value;
        if (WrittenNumber.Decimal(top.Length > 0 ? top : whole, fraction, exponent) is not var (value, places))
            return null;
        string text = top.Length > 0 ? top : whole + (fraction.Length > 0 ? "." + fraction : "") + (exponent.Length > 0 ? "e" + exponent : "");
        if (bottom.Length > 0)
        {
            if (WrittenNumber.Decimal(bottom, "", "") is not var (divisor, _) || divisor == default)
                return null;
            (value, places, text) = (value / divisor, null, text + "/" + bottom);
        }
        if (wholes.Length > 0)
        {
            if (WrittenNumber.Decimal(wholes, "", "") is not var (added, _))
                return null;
            (value, text) = (value + added, wholes + " " + text);
        }
        if (match.Groups["sign"].Captures.Any(sign => sign.Value is "-" or "−"))
            (value, text) = (-value, "-" + text);
        bool isPercent = match.Groups["percent"].Success;
        return new WrittenNumber(isPercent ? text + "%" : text, value, places, isPercent);
    }
}
