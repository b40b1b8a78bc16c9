namespace Ponder.Inference.Scheduling;

/// <summary>Work on several items at once.</summary>
internal static class Together
{
    /// <summary>Runs work on every item, all in one batch; when one fails the others are stopped.</summary>
    public static async Task<TResult[]> RunAsync<T, TResult>(
        IReadOnlyList<T> items, Func<T, CancellationToken, Task<TResult>> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<TResult>[] tasks = [.. items.Select(WatchedAsync)];
        try
        {
            return await Task.WhenAll(tasks).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await Array.Find(tasks, task => task.IsFaulted)!.ConfigureAwait(false);       // the error that stopped the others
            throw;
        }

        async Task<TResult> WatchedAsync(T item)
        {
            try
            {
                return await work(item, stop.Token).ConfigureAwait(false);
            }
            catch
            {
                await stop.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }
}
