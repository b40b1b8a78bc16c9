using System.Text.RegularExpressions;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Verifiers;

/// <summary>Right when a pattern occurs anywhere in the text; anchor it to ask for the whole. What it matched is the answer.</summary>
public sealed class RegexVerifier : IVerifier
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Regex _pattern;

    /// <summary>Creates the verifier.</summary>
    /// <param name="pattern">The pattern; one without a time limit of its own gets one of a second.</param>
    public RegexVerifier(Regex pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        _pattern = pattern.MatchTimeout == Regex.InfiniteMatchTimeout ? new Regex(pattern.ToString(), pattern.Options, Patience) : pattern;
    }

    /// <inheritdoc/>
    public string Name => "regex";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public string Cost => "microseconds";

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="VerifierException">It is not a regular expression.</exception>
    public static RegexVerifier Parse(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        try
        {
            return new RegexVerifier(new Regex(pattern, RegexOptions.CultureInvariant, Patience));
        }
        catch (ArgumentException error)
        {
            throw new VerifierException($"The pattern is not a regular expression: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            var match = _pattern.Match(text);
            return Task.FromResult(match.Success ? new Verdict(true, match.Value) : new Verdict(false, null, $"the pattern {_pattern} does not occur in it"));
        }
        catch (RegexMatchTimeoutException)
        {
            return Task.FromResult(Verdict.Unverified($"the pattern took longer than {_pattern.MatchTimeout.TotalSeconds:0.###} s"));
        }
    }
}
