using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Verifiers;

/// <summary>Runs a verifier that may throw or hang.</summary>
internal static class VerdictGuard
{
    /// <summary>Checks a text; what throws or takes longer than its time is unverified.</summary>
    public static async Task<Verdict> CheckAsync(IVerifier verifier, Problem problem, string text, TimeSpan time, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(time);
        try
        {
            // On another thread, and not waited for beyond its time: it may be a regular expression that never comes back.
            return await Task.Run(() => verifier.VerifyAsync(problem, text, limit.Token), CancellationToken.None)
                .WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Verdict.Unverified($"it took longer than {time.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return Verdict.Unverified(error.Message);
        }
    }
}
