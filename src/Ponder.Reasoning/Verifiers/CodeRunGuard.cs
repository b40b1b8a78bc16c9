namespace Ponder.Reasoning.Verifiers;

/// <summary>Runs programs that may fail in any way.</summary>
internal static class CodeRunGuard
{
    /// <summary>Runs a program within a time; one that takes longer, or that cannot be run, has not come to its end.</summary>
    public static async Task<CodeRun> RunWithinAsync(this ICodeRunner runner, string language, string code, TimeSpan time, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(time);
        try
        {
            return await runner.RunAsync(language, code, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new CodeRun(false, "", $"it took longer than {time.TotalSeconds:0.###} s.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            return new CodeRun(false, "", error.Message);
        }
    }
}
