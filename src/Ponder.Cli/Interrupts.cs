using System.Runtime.InteropServices;

namespace Ponder.Cli;

/// <summary>
/// Ctrl-C. Work that can end cleanly watches; the innermost watcher is cancelled. Where nobody watches, or the watcher was told already,
/// the system's own way takes its course and the process ends.
/// </summary>
internal sealed class Interrupts
{
    private readonly Stack<CancellationTokenSource> _watchers = new();

    /// <summary>Begins a piece of work that ends when Ctrl-C is pressed. Dispose it when the work is done.</summary>
    public Watcher Watch()
    {
        var source = new CancellationTokenSource();
        lock (_watchers)
            _watchers.Push(source);
        return new Watcher(this, source);
    }

    /// <summary>Ctrl-C was pressed.</summary>
    /// <returns>False when nobody takes it.</returns>
    public bool Raise()
    {
        CancellationTokenSource? innermost;
        lock (_watchers)
            _watchers.TryPeek(out innermost);
        if (innermost is null || innermost.IsCancellationRequested)
            return false;
        innermost.Cancel();
        return true;
    }

    /// <summary>Listens to the process's signal until disposal.</summary>
    public PosixSignalRegistration Listen() => PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = Raise());

    /// <summary>A piece of work that Ctrl-C can end.</summary>
    internal sealed class Watcher(Interrupts owner, CancellationTokenSource source) : IDisposable
    {
        /// <summary>Cancelled by Ctrl-C.</summary>
        public CancellationToken Token { get; } = source.Token;

        public void Dispose()
        {
            lock (owner._watchers)
                owner._watchers.Pop();
            // The source is not disposed: a signal may be about to cancel it, and without a timer it holds nothing.
        }
    }
}
