using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Workers;

/// <summary>
/// A fixed set of threads for fork-join loops. The caller works too. Between loops a worker spins for a moment (the next kernel of a
/// forward pass comes within microseconds) and then parks. One loop runs at a time; other callers wait their turn.
/// </summary>
public sealed unsafe class WorkerPool : IDisposable
{
    // Long enough to bridge two kernels of a step, far below a scheduler's time slice; an idle pool costs nothing after it.
    private static readonly long SpinTicks = Stopwatch.Frequency / 5_000;

    [ThreadStatic]
    private static WorkerPool? _running;                        // the pool whose loop this thread is in

    private readonly object _turn = new();
    private readonly Worker[] _workers;
    private readonly NativeBuffer<byte>?[] _scratch;
    private delegate*<void*, int, int, void> _run;
    private void* _body;
    private int _count;
    private int _next;
    private int _busy;
    private int _generation;
    private ExceptionDispatchInfo? _failure;
    private volatile bool _stopping;

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Threads in all, the caller's included; 0 takes <see cref="CpuTopology.UsableCores"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than 1024.</exception>
    public WorkerPool(int threads = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, 1024);
        Threads = threads == 0 ? CpuTopology.UsableCores : threads;
        _scratch = new NativeBuffer<byte>?[Threads];
        _workers = new Worker[Threads - 1];
        for (int i = 0; i < _workers.Length; i++)
            _workers[i] = new Worker(this, i + 1);
    }

    /// <summary>Threads in all, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Runs <paramref name="count"/> pieces of work on all threads and returns when the last is done.</summary>
    /// <param name="count">Pieces; 0 does nothing.</param>
    /// <param name="body">The work; copied once, shared by all threads.</param>
    /// <exception cref="InvalidOperationException">Called from a piece of work of this same pool.</exception>
    /// <exception cref="Exception">A piece threw: the first error comes out as it was thrown; the other pieces were finished or skipped.</exception>
    public void For<TBody>(int count, TBody body) where TBody : struct, IParallelBody
    {
        ObjectDisposedException.ThrowIf(_stopping, this);
        if (count <= 0)
            return;
        if (_running == this)
            throw new InvalidOperationException("A piece of work cannot start a loop of the pool that runs it.");
        lock (_turn)
        {
            var outer = _running;
            _running = this;
            try
            {
                Run(count, ref body);
            }
            finally
            {
                _running = outer;
            }
        }
    }

    /// <summary>Scratch memory of a worker, at least <paramref name="bytes"/> long; its content is whatever the last user left.</summary>
    public byte* Scratch(int worker, long bytes)
    {
        var buffer = _scratch[worker];
        if (buffer is null || buffer.Length < bytes)
        {
            buffer?.Dispose();
            _scratch[worker] = null;                            // should there be no memory for the larger one
            _scratch[worker] = buffer = new NativeBuffer<byte>(bytes);
        }
        return buffer.Pointer;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn)
        {
            if (_stopping)
                return;
            _stopping = true;
            foreach (var worker in _workers)
                worker.Dispose();
            foreach (var buffer in _scratch)
                buffer?.Dispose();
        }
    }

    private void Run<TBody>(int count, ref TBody body) where TBody : struct, IParallelBody
    {
        if (count == 1 || _workers.Length == 0)
        {
            for (int i = 0; i < count; i++)
                body.Run(i, 0);
            return;
        }
        // The body is a local of the caller's frame: it does not move, the GC sees its references, and it outlives the loop.
        _body = Unsafe.AsPointer(ref body);
        _run = &Invoke<TBody>;
        _count = count;
        _failure = null;
        Volatile.Write(ref _busy, _workers.Length);
        Volatile.Write(ref _next, 0);
        Interlocked.Increment(ref _generation);
        foreach (var worker in _workers)
            worker.WakeIfParked();
        Work(0);
        var spinner = new SpinWait();
        while (Volatile.Read(ref _busy) > 0)
            spinner.SpinOnce(sleep1Threshold: -1);
        _failure?.Throw();
    }

    private static void Invoke<TBody>(void* body, int index, int worker) where TBody : struct, IParallelBody =>
        Unsafe.AsRef<TBody>(body).Run(index, worker);

    private void Work(int worker)
    {
        try
        {
            for (int i = Interlocked.Increment(ref _next) - 1; i < _count; i = Interlocked.Increment(ref _next) - 1)
                _run(_body, i, worker);
        }
        catch (Exception e)
        {
            Volatile.Write(ref _next, int.MaxValue / 2);                // the others stop at their next piece
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private sealed class Worker : IDisposable
    {
        private readonly WorkerPool _pool;
        private readonly int _index;
        private readonly AutoResetEvent _wake = new(false);
        private readonly Thread _thread;
        private int _parked;

        public Worker(WorkerPool pool, int index)
        {
            _pool = pool;
            _index = index;
            _thread = new Thread(Loop) { IsBackground = true, Name = $"ponder-worker-{index}" };
            _thread.Start();
        }

        public void WakeIfParked()
        {
            if (Volatile.Read(ref _parked) == 1 && Interlocked.Exchange(ref _parked, 0) == 1)
                _wake.Set();
        }

        public void Dispose()
        {
            _wake.Set();
            _thread.Join();
            _wake.Dispose();
        }

        private void Loop()
        {
            _running = _pool;
            int seen = 0;
            while (WaitForWork(ref seen))
            {
                _pool.Work(_index);
                Interlocked.Decrement(ref _pool._busy);
            }
        }

        private bool WaitForWork(ref int seen)
        {
            long parkAt = Stopwatch.GetTimestamp() + SpinTicks;
            for (int spins = 0; ; spins++)
            {
                int generation = Volatile.Read(ref _pool._generation);
                if (generation != seen)
                {
                    seen = generation;
                    return true;
                }
                if (_pool._stopping)
                    return false;
                Thread.SpinWait(8);
                if ((spins & 15) != 15 || Stopwatch.GetTimestamp() < parkAt)
                    continue;
                // Full fence between raising the flag and the last look: a fork after it sees the flag, a fork before it is seen.
                Interlocked.Exchange(ref _parked, 1);
                if (Volatile.Read(ref _pool._generation) == seen && !_pool._stopping)
                    _wake.WaitOne();
                Volatile.Write(ref _parked, 0);
                parkAt = Stopwatch.GetTimestamp() + SpinTicks;
            }
        }
    }
}
