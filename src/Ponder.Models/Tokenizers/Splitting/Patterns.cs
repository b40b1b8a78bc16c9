using System.Text.RegularExpressions;
using Ponder.Models.Files.Json;

namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>
/// From a pattern as tokenizer files write it to code: the well-known ones are read by hand, runs of a set by
/// <see cref="RunMatcher"/>, all others by .NET's engine, bound in time.
/// </summary>
internal static class Patterns
{
    private static readonly string[] Foreign = [":]", "&&", "-["];
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>The scanner of a well-known pattern, or null.</summary>
    public static PatternSplitter? Known(string pattern) => pattern switch
    {
        Gpt2Splitter.Pattern => new Gpt2Splitter(),
        Llama3Splitter.Llama3Pattern => new Llama3Splitter(maxDigits: 3),
        Llama3Splitter.Qwen2Pattern => new Llama3Splitter(maxDigits: 1),
        Llama3Splitter.SpelledLlama3Pattern => new Llama3Splitter(maxDigits: 3, foldsLongS: false),
        Llama3Splitter.SpelledQwen2Pattern => new Llama3Splitter(maxDigits: 1, foldsLongS: false),
        _ => null,
    };

    /// <summary>The matcher of any other pattern.</summary>
    public static Matcher Read(string pattern, JsonPart part) =>
        RunMatcher.TryParse(pattern) ?? (Matcher)new RegexMatcher(Compile(pattern, part));

    /// <summary>Compiles a pattern: without backtracking where its constructs allow, otherwise with a limit of time for each match.</summary>
    public static Regex Compile(string pattern, JsonPart part)
    {
        // Oniguruma's ^ and $ are the ends of lines.
        const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.Multiline;
        // These mean something else to .NET, which would not complain.
        if (Array.Find(Foreign, sign => pattern.Contains(sign, StringComparison.Ordinal)) is { } foreign)
            throw part.Error($"holds {foreign}: POSIX classes and operations on classes cannot be run here");
        try
        {
            return new Regex(pattern, Options | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, Options, Timeout);
        }
        catch (ArgumentException error)
        {
            throw part.Error($"is not a pattern that can be run here: {error.Message}");
        }
    }
}
