using Ponder.Inference.Kv;
using Ponder.Inference.Scheduling;
using Ponder.Inference.Speculation;

namespace Ponder.Inference;

/// <summary>What an engine has done since it was loaded, and what it holds now.</summary>
public sealed record EngineStatistics
{
    /// <summary>Forward passes.</summary>
    public required long Steps { get; init; }

    /// <summary>Tokens in them.</summary>
    public required long Rows { get; init; }

    /// <summary>Given tokens that were computed, each once however many branches share it.</summary>
    public required long PromptTokens { get; init; }

    /// <summary>Tokens that were drawn.</summary>
    public required long GeneratedTokens { get; init; }

    /// <summary>Tokens whose keys and values were found in the prefix tree.</summary>
    public required long ReusedTokens { get; init; }

    /// <summary>Tokens computed again, after their memory was given to others.</summary>
    public required long RecomputedTokens { get; init; }

    /// <summary>Jobs whose memory was given to others.</summary>
    public required long Preemptions { get; init; }

    /// <summary>Pages that the prefix tree gave up for others.</summary>
    public required long Evictions { get; init; }

    /// <summary>What became of drafts that were copied from the text.</summary>
    public required SpeculationStatistics Copies { get; init; }

    /// <summary>What became of drafts of smaller models.</summary>
    public required SpeculationStatistics ModelDrafts { get; init; }

    /// <summary>Jobs that wait for their turn.</summary>
    public required int Waiting { get; init; }

    /// <summary>Jobs that take part in steps.</summary>
    public required int Running { get; init; }

    /// <summary>KV pages that branches hold, each once.</summary>
    public required int PagesInUse { get; init; }

    /// <summary>KV pages that only the prefix tree holds.</summary>
    public required int PagesCached { get; init; }

    /// <summary>The most pages that branches held.</summary>
    public required int PeakPages { get; init; }

    /// <summary>Time spent deciding who takes part in steps.</summary>
    public required TimeSpan Scheduling { get; init; }

    /// <summary>Time spent in forward passes.</summary>
    public required TimeSpan Forward { get; init; }

    /// <summary>Time spent drawing tokens.</summary>
    public required TimeSpan Sampling { get; init; }

    /// <summary>Time spent handing tokens out.</summary>
    public required TimeSpan Delivery { get; init; }

    internal static EngineStatistics Of(EngineLoop loop, KvPool pool)
    {
        var counters = loop.Counters;
        var (schedule, forward, sample, deliver) = counters.Ticks;
        var (waiting, running) = loop.Jobs;
        return new EngineStatistics
        {
            Steps = counters.Steps,
            Rows = counters.Rows,
            PromptTokens = counters.Tokens.Prompt,
            GeneratedTokens = counters.Tokens.Generated,
            ReusedTokens = counters.Tokens.Reused,
            RecomputedTokens = counters.Tokens.Recomputed,
            Preemptions = counters.Preemptions,
            Evictions = pool.Evictions,
            Copies = counters.Copies.Statistics,
            ModelDrafts = counters.ModelDrafts.Statistics,
            Waiting = waiting,
            Running = running,
            PagesInUse = pool.InUse,
            PagesCached = pool.Cached,
            PeakPages = pool.Peak,
            Scheduling = TimeOf(schedule),
            Forward = TimeOf(forward),
            Sampling = TimeOf(sample),
            Delivery = TimeOf(deliver),
        };
    }

    private static TimeSpan TimeOf(long ticks) => TimeSpan.FromSeconds(ticks / (double)System.Diagnostics.Stopwatch.Frequency);
}
