using System.Diagnostics;
using Ponder.Numerics.Workers;

namespace Ponder.Inference;

/// <summary>
/// Threads that several engines compute with: a policy, its reward model, a draft. Engines take turns step by step; whoever has computed least
/// goes first, so that a large model does not starve a small one. Thread-safe.
/// </summary>
/// <param name="threads">Threads in all; 0 takes the physical cores that this process may use.</param>
/// <exception cref="ArgumentOutOfRangeException">Negative, or more than 1024.</exception>
public sealed class SharedWorkers(int threads = 0) : IDisposable
{
    private readonly object _gate = new();
    private readonly List<Member> _waiting = [];
    private bool _isBusy;
    private long _now;                                          // what the member that was last admitted had used

    internal WorkerPool Pool { get; } = new(threads);

    /// <summary>Threads in all.</summary>
    public int Threads => Pool.Threads;

    /// <summary>Ends the threads; engines that use them must be disposed before.</summary>
    public void Dispose() => Pool.Dispose();

    /// <summary>One engine more.</summary>
    internal Member Join() => new(this);

    /// <summary>An engine's share of the threads.</summary>
    internal sealed class Member(SharedWorkers workers)
    {
        private long _start;

        /// <summary>Ticks of the stopwatch that its turns took; idle time is not saved up.</summary>
        public long Used { get; private set; }

        /// <summary>Waits for a turn.</summary>
        public void Enter()
        {
            lock (workers._gate)
            {
                Used = Math.Max(Used, workers._now);
                workers._waiting.Add(this);
                while (workers._isBusy || workers.Next() != this)
                    Monitor.Wait(workers._gate);
                workers._waiting.Remove(this);
                workers._isBusy = true;
                workers._now = Used;
            }
            _start = Stopwatch.GetTimestamp();
        }

        /// <summary>Ends the turn.</summary>
        public void Leave()
        {
            lock (workers._gate)
            {
                Used += Stopwatch.GetTimestamp() - _start;
                workers._isBusy = false;
                if (workers._waiting.Count > 0)
                    Monitor.PulseAll(workers._gate);
            }
        }
    }

    private Member Next()
    {
        var next = _waiting[0];
        foreach (var member in _waiting)
            next = member.Used < next.Used ? member : next;
        return next;
    }
}
