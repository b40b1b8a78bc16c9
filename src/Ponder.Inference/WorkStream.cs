using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Ponder.Inference;

/// <summary>Turns work that hands out items as it goes into a stream of them.</summary>
public static class WorkStream
{
    /// <summary>
    /// Starts the work when the stream is read. Leaving the loop, or cancelling, stops the work, and it has ended when the caller goes on; its error
    /// comes out of the stream.
    /// </summary>
    /// <param name="start">Starts the work; gets where to put an item, from any one thread at a time, and what stops it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public static async IAsyncEnumerable<T> ReadAsync<T>(
        Func<Action<T>, CancellationToken, Task> start, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var channel = Channel.CreateUnbounded<T>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var work = start(item => channel.Writer.TryWrite(item), left.Token);
        _ = work.ContinueWith(
            done => channel.Writer.TryComplete(done.Exception?.InnerException),
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
                yield return item;
            await work.ConfigureAwait(false);                   // cancelled work throws here
        }
        finally
        {
            await left.CancelAsync().ConfigureAwait(false);
            await Task.WhenAny(work).ConfigureAwait(false);     // what it held is free when the caller goes on
        }
    }
}
