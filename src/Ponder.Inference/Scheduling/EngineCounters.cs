using Ponder.Inference.Speculation;

namespace Ponder.Inference.Scheduling;

/// <summary>What an engine's loop counts; written by the loop, readable at any time.</summary>
internal sealed class EngineCounters
{
    private long _steps, _rows, _preemptions, _scheduleTicks, _forwardTicks, _sampleTicks, _deliverTicks;

    public TokenCounts Tokens { get; } = new();

    /// <summary>Forward passes.</summary>
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>Tokens in them.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Jobs whose memory was given to others.</summary>
    public long Preemptions => Volatile.Read(ref _preemptions);

    /// <summary>Ticks of the stopwatch spent in each part of the loop.</summary>
    public (long Schedule, long Forward, long Sample, long Deliver) Ticks =>
        (Volatile.Read(ref _scheduleTicks), Volatile.Read(ref _forwardTicks), Volatile.Read(ref _sampleTicks), Volatile.Read(ref _deliverTicks));

    public void AddStep(int rows, long schedule, long forward, long sample, long deliver)
    {
        if (rows > 0)
        {
            Volatile.Write(ref _steps, _steps + 1);
            Volatile.Write(ref _rows, _rows + rows);
        }
        Volatile.Write(ref _scheduleTicks, _scheduleTicks + schedule);
        Volatile.Write(ref _forwardTicks, _forwardTicks + forward);
        Volatile.Write(ref _sampleTicks, _sampleTicks + sample);
        Volatile.Write(ref _deliverTicks, _deliverTicks + deliver);
    }

    /// <summary>What became of drafts that were copied from texts.</summary>
    public DraftCounts Copies { get; } = new();

    /// <summary>What became of drafts of smaller models.</summary>
    public DraftCounts ModelDrafts { get; } = new();

    public void AddPreemption() => Volatile.Write(ref _preemptions, _preemptions + 1);
}
