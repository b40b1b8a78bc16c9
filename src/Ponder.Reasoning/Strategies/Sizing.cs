using System.Globalization;

namespace Ponder.Reasoning.Strategies;

/// <summary>Fits strategies to budgets: one that does not say how many samples, or how wide, gets as many as a budget of tokens is likely to hold.</summary>
public static class Sizing
{
    /// <summary>Sets a strategy's size, where its text leaves it open.</summary>
    /// <param name="text">A strategy as <see cref="StrategyText"/> reads it.</param>
    /// <param name="tokens">The budget, at least 1.</param>
    /// <param name="answerTokens">Tokens of a usual answer, above 0.</param>
    /// <returns>The text with its size; the same where it has one already, or none to set.</returns>
    /// <exception cref="StrategyException">The text cannot be read, or there is no such strategy.</exception>
    public static string Fit(string text, long tokens, double answerTokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(answerTokens);
        var (name, options) = StrategyText.Parse(text);
        var row = StrategyTable.Require(name);
        if (row.Size is not { } size || options.ContainsKey(size.Name))
            return text;
        double answers = tokens / (answerTokens * row.AnswersPerUnit);
        // The thoughts of a search come to their ends together: a budget that is a few tokens short would cut all of them, where of samples it cuts the last.
        double units = Math.Clamp(size.Name == "width" ? Math.Floor(answers) : Math.Round(answers), size.Least, size.Most);
        return StrategyText.Write(name, [KeyValuePair.Create(size.Name, ((long)units).ToString(CultureInfo.InvariantCulture)), .. options]);
    }
}
