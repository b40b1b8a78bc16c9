using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Verifiers;

/// <summary>Says of a text whether it solves a problem. Safe to use from many threads.</summary>
public interface IVerifier
{
    /// <summary>The name on the command line and in reports.</summary>
    string Name { get; }

    /// <summary>True when its word is final; false when it can be wrong, as a judge or a small set of tests can.</summary>
    bool IsExact { get; }

    /// <summary>What a check costs, in a few words: <c>microseconds</c>, <c>a child process</c>.</summary>
    string Cost { get; }

    /// <summary>Checks a whole answer.</summary>
    /// <param name="problem">What was asked.</param>
    /// <param name="text">All that the policy said.</param>
    /// <param name="cancellationToken">Ends the check; its caller sets a time limit with it.</param>
    Task<Verdict> VerifyAsync(Problem problem, string text, CancellationToken cancellationToken = default);
}

/// <summary>What a verifier found.</summary>
/// <param name="IsCorrect">Null when it could not tell: the answer counts as unverified.</param>
/// <param name="Answer">The answer as shown to people; null for none.</param>
/// <param name="Reason">Why the answer is not right, or could not be checked, in one sentence; null when it is right.</param>
public sealed record Verdict(bool? IsCorrect, string? Answer = null, string? Reason = null)
{
    /// <summary>The check failed or took too long.</summary>
    public static Verdict Unverified(string reason) => new(null, null, reason);
}
