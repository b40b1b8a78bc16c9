using System.Threading.Channels;

namespace Ponder.Inference.Generation;

/// <summary>The tokens of a branch on their way to a reader. When it is full the branch waits, without holding up others.</summary>
/// <param name="capacity">Tokens that may lie unread.</param>
/// <param name="wake">Called when there is room again.</param>
internal sealed class TokenStream(int capacity, Action wake)
{
    private readonly Channel<GeneratedToken> _channel =
        Channel.CreateUnbounded<GeneratedToken>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private int _unread;
    private volatile bool _isWaitedFor;

    /// <summary>True when the reader must read first; it then calls back.</summary>
    public bool IsFull
    {
        get
        {
            if (Volatile.Read(ref _unread) < capacity)
                return false;
            _isWaitedFor = true;                                // before the second look: a reader in between sees it
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref _unread) >= capacity;
        }
    }

    public void Write(GeneratedToken token)
    {
        Interlocked.Increment(ref _unread);
        _channel.Writer.TryWrite(token);
    }

    /// <summary>No token will follow.</summary>
    public void Complete(Exception? error) => _channel.Writer.TryComplete(error is OperationCanceledException ? null : error);

    /// <summary>Reads to the end; an error comes after the last token.</summary>
    public async IAsyncEnumerable<GeneratedToken> ReadAsync()
    {
        await foreach (var token in _channel.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            Interlocked.Decrement(ref _unread);
            if (_isWaitedFor)
            {
                _isWaitedFor = false;
                wake();
            }
            yield return token;
        }
    }
}
