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
    private static readonly long GraceTicks = Stopwatch.Frequency / 500;

    private readonly object _gate = new();
    private readonly List<Member> _waiting = [];
    private readonly List<Member> _between = [];                // members between two of their steps
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

        /// <summary>Until when it is expected back, in ticks of the stopwatch.</summary>
        internal long ExpectedUntil { get; private set; }

        /// <summary>Ticks of the stopwatch that its turns took; idle time is not saved up.</summary>
        public long Used { get; private set; }

        /// <summary>Waits for a turn.</summary>
        public void Enter()
        {
            lock (workers._gate)
            {
                workers._between.Remove(this);
                Used = Math.Max(Used, workers._now);
                workers._waiting.Add(this);
                while (workers.WaitBefore(this) is int milliseconds and not 0)
                    Monitor.Wait(workers._gate, milliseconds);
                workers._waiting.Remove(this);
                workers._isBusy = true;
                workers._now = Used;
            }
            _start = Stopwatch.GetTimestamp();
        }

        /// <summary>Ends the turn; the next is expected soon.</summary>
        public void Leave()
        {
            lock (workers._gate)
            {
                long now = Stopwatch.GetTimestamp();
                Used += now - _start;
                ExpectedUntil = now + GraceTicks;
                workers._between.Add(this);
                workers._isBusy = false;
                if (workers._waiting.Count > 0)
                    Monitor.PulseAll(workers._gate);
            }
        }

        /// <summary>Says that there is nothing to compute until it enters again.</summary>
        public void Pause()
        {
            lock (workers._gate)
            {
                if (workers._between.Remove(this) && workers._waiting.Count > 0)
                    Monitor.PulseAll(workers._gate);
            }
        }
    }

    /// <summary>
    /// For how long a member should wait before it looks again whether it is its turn, in milliseconds; 0 when it is. Between two short steps a member
    /// schedules and delivers: were its turn given away meanwhile, it would get one short step for each long one of another.
    /// </summary>
    private int WaitBefore(Member member)
    {
        if (_isBusy || Next() != member)
            return Timeout.Infinite;
        foreach (var other in _between)
        {
            if (other.Used < member.Used && other.ExpectedUntil > Stopwatch.GetTimestamp())
                return 1;
        }
        return 0;
    }

    private Member Next()
    {
        var next = _waiting[0];
        foreach (var member in _waiting)
            next = member.Used < next.Used ? member : next;
        return next;
    }
}
