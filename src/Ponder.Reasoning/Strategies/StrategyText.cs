namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Strategies with options as one text: <c>rebase width=8 choose=best</c>. A value with blanks, such as a strategy within a strategy, stands in
/// parentheses: <c>atom-of-thoughts inner=(rebase width=4)</c>; commas outside of parentheses part the strategies of a list.
/// </summary>
public static class StrategyText
{
    /// <summary>Makes the strategy that a text names.</summary>
    /// <exception cref="StrategyException">The text cannot be read, or there is no such strategy, option or value.</exception>
    public static IStrategy Create(string text)
    {
        var (name, options) = Parse(text);
        return StrategyTable.Create(name, options);
    }

    /// <summary>Reads a name and options.</summary>
    /// <exception cref="StrategyException">There is no name, an option has no value, comes twice, or a parenthesis has no partner.</exception>
    public static (string Name, IReadOnlyDictionary<string, string> Options) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = [.. Parts(text, ' ')];
        if (words is [['(', .., ')'] inside])
            return Parse(inside[1..^1]);                        // the value of an option, given with its parentheses
        if (words.Length == 0)
            throw new StrategyException($"'{text}' names no strategy.");
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string word in words[1..])
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                throw new StrategyException($"'{word}' in '{text}' is no option: options are written NAME=VALUE.");
            string value = word[(equals + 1)..];
            if (value is ['(', .., ')'])
                value = value[1..^1].Trim();
            if (!options.TryAdd(word[..equals], value))
                throw new StrategyException($"The option {word[..equals]} stands twice in '{text}'.");
        }
        return (words[0], options);
    }

    /// <summary>Parts a list of strategies at its commas.</summary>
    /// <exception cref="StrategyException">A parenthesis has no partner.</exception>
    public static IReadOnlyList<string> Split(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return [.. Parts(list, ',')];
    }

    /// <summary>Writes what <see cref="Parse"/> reads.</summary>
    public static string Write(string name, IEnumerable<KeyValuePair<string, string>> options) => string.Join(
        ' ', options.Select(option => option.Value.Contains(' ', StringComparison.Ordinal) ? $"{option.Key}=({option.Value})" : $"{option.Key}={option.Value}").Prepend(name));

    private static IEnumerable<string> Parts(string text, char between)
    {
        int depth = 0, from = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length ? depth > 0 : text[i] == ')' && depth == 0)
                throw new StrategyException($"A parenthesis in '{text}' has no partner.");
            if (i == text.Length || (text[i] == between && depth == 0))
            {
                if (text[from..i].Trim() is { Length: > 0 } part)
                    yield return part;
                from = i + 1;
            }
            else if (text[i] == '(')
                depth++;
            else if (text[i] == ')')
                depth--;
        }
    }
}
