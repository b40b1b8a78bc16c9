using System.Diagnostics;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;

namespace Ponder.Reasoning.Sessions;

/// <summary>Keeps a session's budget and ledger; of a session within another its part of the budget, while the ledger is the outermost one's. Thread-safe.</summary>
/// <param name="budget">What may be spent.</param>
/// <param name="observer">Told of every entry; null for nobody.</param>
/// <param name="outer">Whose budget this is a part of; null for the outermost.</param>
internal sealed class Bookkeeper(Budget budget, Action<SolveEvent>? observer, Bookkeeper? outer = null)
{
    private readonly List<IPolicySession> _works = [];          // of the outermost
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<LedgerStep> _steps = [];
    private long _generated;
    private long _reserved;
    private long _sequential;
    private long _rewardTokens;
    private long _before;
    private Work _entered;                                      // what stands in entries already
    private int _samples;
    private int _verified;

    public long TokensLeft => Math.Min(budget.Tokens - Interlocked.Read(ref _generated) ?? long.MaxValue, outer?.TokensLeft ?? long.MaxValue);

    public long SequentialTokensLeft =>
        Math.Min(budget.SequentialTokens - Interlocked.Read(ref _sequential) ?? long.MaxValue, outer?.SequentialTokensLeft ?? long.MaxValue);

    public int SamplesLeft => Math.Min(budget.Samples - _samples ?? int.MaxValue, outer?.SamplesLeft ?? int.MaxValue);

    /// <summary>Time since the outermost session was begun.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Outermost._start);

    private Bookkeeper Outermost => outer?.Outermost ?? this;

    /// <summary>Counts what a policy's session computes.</summary>
    public void Watch(IPolicySession work)
    {
        lock (Outermost._gate)
            Outermost._works.Add(work);
    }

    /// <summary>Sets tokens aside for a thought.</summary>
    /// <param name="wanted">The most that it may draw.</param>
    /// <param name="mustWait">True when others run, which may leave something: then it is all or nothing. Else it gets what there is.</param>
    public int Reserve(int wanted, bool mustWait)
    {
        lock (_gate)
        {
            long left = budget.Tokens - _generated - _reserved ?? long.MaxValue;
            int given = left >= wanted ? wanted : mustWait ? 0 : (int)Math.Max(0, left);
            given = outer is null || given == 0 ? given : outer.Reserve(given, mustWait);
            _reserved += given;
            return given;
        }
    }

    /// <summary>Gives back what was set aside; what was drawn of it has been entered.</summary>
    public void Return(int given)
    {
        lock (_gate)
            _reserved -= given;
        outer?.Return(given);
    }

    /// <summary>Begins as many samples as the budget allows of those wanted.</summary>
    public int TakeSamples(int wanted)
    {
        lock (_gate)
        {
            int given = Math.Min(wanted, SamplesLeft);
            given = outer?.TakeSamples(given) ?? given;
            _samples += given;
            return given;
        }
    }

    public void AddVerified(int count) => Interlocked.Add(ref Outermost._verified, count);

    /// <summary>Begins an entry; its disposal writes it.</summary>
    public Entry Begin(string name, int thoughts) => new(this, name, thoughts);

    /// <summary>The outermost session's ledger so far.</summary>
    public Ledger Close() => Outermost.CloseOwn();

    private Ledger CloseOwn()
    {
        var usage = Usage;
        lock (_gate)
        {
            return new Ledger
            {
                GeneratedTokens = _generated,
                PromptTokens = usage.PromptTokens,
                SharedTokens = Math.Max(0, _before - usage.PromptTokens),
                RecomputedTokens = usage.RecomputedTokens,
                RewardTokens = _rewardTokens,
                SequentialTokens = _sequential,
                Samples = _samples,
                Verified = _verified,
                AverageKvTokens = usage.AverageKvTokens,
                PeakKvTokens = usage.PeakKvTokens,
                Flops = usage.Flops,
                Bytes = usage.Bytes,
                Time = Stopwatch.GetElapsedTime(_start),
                Steps = [.. _steps],
            };
        }
    }

    /// <summary>An entry of the ledger while it is being made.</summary>
    public sealed class Entry(Bookkeeper within, string name, int thoughts) : IDisposable
    {
        private readonly Bookkeeper _book = within.Outermost;
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly Work _before = within.Outermost.NotEntered();
        private long _drawn;
        private long _most;
        private long _reward;
        private long _stood;

        /// <summary>A thought drew tokens behind those that stood before.</summary>
        public void Add(int drawn, int before)
        {
            lock (_book._gate)
            {
                _drawn += drawn;
                _stood += before;
                _book._before += before;
                _most = Math.Max(_most, drawn);
            }
            within.Spend(drawn, 0);
        }

        public void AddReward(int tokens)
        {
            lock (_book._gate)
            {
                _reward += tokens;
                _book._rewardTokens += tokens;
            }
        }

        public void Dispose()
        {
            var usage = _book.Usage;
            var time = Stopwatch.GetElapsedTime(_start);
            LedgerStep step;
            lock (_book._gate)
            {
                // A judge's entries lie within the one that it scores for: what they hold is not counted twice.
                var own = Work.Of(usage) - _book._entered - _before;
                _book._entered += own;
                step = new LedgerStep(name, thoughts, _drawn, _most, (long)own.Prompt, _reward, usage.PeakKvTokens, time)
                {
                    SharedTokens = Math.Max(0, _stood - (long)own.Prompt),
                    RecomputedTokens = (long)own.Recomputed,
                    AverageKvTokens = own.KvSteps / own.Steps,
                    Flops = own.Flops,
                    Bytes = own.Bytes,
                };
                _book._steps.Add(step);
            }
            within.Spend(0, _most);
            _book.Tell(step);
        }
    }

    private PolicyUsage Usage
    {
        get
        {
            lock (_gate)
                return _works.Aggregate(default(PolicyUsage), (sum, work) => sum + work.Usage);
        }
    }

    private void Spend(long drawn, long sequential)
    {
        lock (_gate)
        {
            _generated += drawn;
            _sequential += sequential;
        }
        outer?.Spend(drawn, sequential);
    }

    private Work NotEntered()
    {
        var usage = Work.Of(Usage);
        lock (_gate)
            return usage - _entered;
    }

    /// <summary>What a policy computed, as sums.</summary>
    private readonly record struct Work(double Prompt, double Recomputed, double Steps, double KvSteps, double Flops, double Bytes)
    {
        public static Work Of(in PolicyUsage usage) =>
            new(usage.PromptTokens, usage.RecomputedTokens, usage.Steps, usage.Steps * usage.AverageKvTokens, usage.Flops, usage.Bytes);

        public static Work operator +(Work a, Work b) =>
            new(a.Prompt + b.Prompt, a.Recomputed + b.Recomputed, a.Steps + b.Steps, a.KvSteps + b.KvSteps, a.Flops + b.Flops, a.Bytes + b.Bytes);

        public static Work operator -(Work a, Work b) =>
            new(a.Prompt - b.Prompt, a.Recomputed - b.Recomputed, a.Steps - b.Steps, a.KvSteps - b.KvSteps, a.Flops - b.Flops, a.Bytes - b.Bytes);
    }

    private void Tell(LedgerStep step) =>
        observer?.Invoke(new SolveEvent.Spent(step, budget.Tokens is null ? null : TokensLeft) { At = Elapsed });
}
