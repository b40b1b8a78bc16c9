using System.Text.RegularExpressions;

namespace Ponder.Inference.Generation;

/// <summary>
/// What ends an answer, beside the model's end token and the number of tokens. Rules about text see the text of this answer alone, character
/// by character: the first that is complete ends it, however its tokens cut the text, and of several that are complete with the same
/// character the one that leaves less text. The tokens stay as they were drawn: the last may hold characters that the text does not show.
/// </summary>
public abstract record StopRule
{
    private StopRule()
    {
    }

    /// <summary>A token; like an end token it is not part of the text.</summary>
    /// <param name="Id">The token.</param>
    public sealed record Token(int Id) : StopRule
    {
        internal override string? Complaint(int vocabulary) =>
            (uint)Id >= (uint)vocabulary ? $"The stop token {Id} is not in the vocabulary, which has the ids 0 to {vocabulary - 1}." : null;
    }

    /// <summary>A text, which is cut off. What may become one is held back until it does, or does not.</summary>
    /// <param name="Value">At least one character.</param>
    public sealed record Text(string Value) : StopRule
    {
        internal override string? Complaint(int vocabulary) => ComplaintOfText(Value, "stop text");
    }

    /// <summary>The end of a step: a text that is kept. Of a token that goes on behind it the rest is not shown.</summary>
    /// <param name="Value">At least one character.</param>
    public sealed record Delimiter(string Value) : StopRule
    {
        internal override string? Complaint(int vocabulary) => ComplaintOfText(Value, "delimiter");
    }

    /// <summary>
    /// A regular expression; the text is cut where its match begins. It is tried at every character as though the text ended there: <c>$</c>
    /// and a last <c>\b</c> hold at once, and <c>\d+</c> ends the answer at its first digit. To wait for the end of a word, ask for what
    /// follows it: <c>\bdone\W</c>.
    /// </summary>
    /// <param name="Value">
    /// Not matching the empty text, not <see cref="RegexOptions.RightToLeft"/>, and either <see cref="RegexOptions.NonBacktracking"/> or with a
    /// match timeout; running into it fails the answer.
    /// </param>
    /// <param name="Window">
    /// Most characters of a match, 1 to <see cref="MaxWindow"/>. A match begins no further back, which bounds the work for a character; and the
    /// text that is shown lags as many characters behind, so that no part of a match is ever shown.
    /// </param>
    public sealed record Pattern(Regex Value, int Window = 64) : StopRule
    {
        /// <summary>Largest <see cref="Window"/>.</summary>
        public const int MaxWindow = 1 << 16;

        internal override string? Complaint(int vocabulary) => Value switch
        {
            null => "A stop pattern is null.",
            _ when Value.Options.HasFlag(RegexOptions.RightToLeft) => $"The stop pattern '{Value}' is RightToLeft; a text is read as it grows.",
            _ when !Value.Options.HasFlag(RegexOptions.NonBacktracking) && Value.MatchTimeout == Regex.InfiniteMatchTimeout =>
                $"The stop pattern '{Value}' must be NonBacktracking, or have a match timeout.",
            _ when Window is < 1 or > MaxWindow => $"The window of the stop pattern '{Value}' is {Window}; it must be from 1 to {MaxWindow}.",
            _ when Value.IsMatch("") => $"The stop pattern '{Value}' matches the empty text: it would end every answer at once.",
            _ => null,
        };
    }

    /// <summary>
    /// The caller's own condition, asked after every token that no other rule ends the answer with; the text is kept. It runs within the
    /// engine's step, so it must return quickly and not wait for the engine. An exception from it ends this answer alone.
    /// </summary>
    /// <param name="Predicate">True ends the answer. Called by one thread at a time for one answer, by several for several.</param>
    public sealed record When(Func<StopView, bool> Predicate) : StopRule
    {
        internal override string? Complaint(int vocabulary) => Predicate is null ? "The condition of a stop rule is null." : null;
    }

    /// <summary>Throws unless every rule can be followed.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="vocabulary">Token ids run from 0 to this, exclusive.</param>
    /// <exception cref="ArgumentException">Says what is wrong with a rule.</exception>
    internal static void Demand(IReadOnlyList<StopRule> rules, int vocabulary)
    {
        ArgumentNullException.ThrowIfNull(rules);
        foreach (var rule in rules)
        {
            ArgumentNullException.ThrowIfNull(rule, nameof(rules));
            if (rule.Complaint(vocabulary) is string complaint)
                throw new ArgumentException(complaint, nameof(rules));
        }
    }

    /// <summary>Why the rule cannot be followed, or null if it can.</summary>
    internal abstract string? Complaint(int vocabulary);

    private static string? ComplaintOfText(string? value, string what)
    {
        if (string.IsNullOrEmpty(value))
            return $"A {what} is empty; it needs at least one character.";
        for (int i = 0; i < value.Length; i++)
        {
            if (char.IsSurrogatePair(value, i))
                i++;
            else if (char.IsSurrogate(value[i]))
                return $"A {what} holds half of a surrogate pair, which no text of a model has.";
        }
        return null;
    }
}
