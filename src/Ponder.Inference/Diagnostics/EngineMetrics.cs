using System.Diagnostics.Metrics;
using Ponder.Inference.Kv;
using Ponder.Inference.Scheduling;

namespace Ponder.Inference.Diagnostics;

/// <summary>
/// An engine's metrics, under the name <see cref="MeterName"/>, with the model's name as a tag. Counts are read from what the engine counts anyway
/// when somebody asks; only the histograms are written as it runs, and only while somebody listens.
/// </summary>
internal sealed class EngineMetrics : IDisposable
{
    /// <summary>The meter to listen to.</summary>
    public const string MeterName = "Ponder.Inference";

    private readonly Meter _meter;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _first, _between;

    public EngineMetrics(string model, EngineLoop loop, KvPool pool)
    {
        _meter = new Meter(MeterName, null, [new KeyValuePair<string, object?>("model", model)]);
        var counters = loop.Counters;
        _batch = _meter.CreateHistogram<int>("ponder.step.rows", "{token}", "Tokens computed in a step.");
        _first = _meter.CreateHistogram<double>("ponder.time_to_first_token", "s", "From a request to its first token.");
        _between = _meter.CreateHistogram<double>("ponder.time_between_tokens", "s", "From one token of an answer to the next.");
        Count("ponder.steps", "{step}", "Forward passes.", () => counters.Steps);
        Count("ponder.preemptions", "{branch}", "Branches whose memory was given to others while they ran.", () => counters.Preemptions);
        Count("ponder.prefix.lookups", "{lookup}", "Texts whose beginning was looked for in the prefix tree.", () => pool.Lookups);
        Count("ponder.prefix.hits", "{lookup}", "Texts whose beginning was found there.", () => pool.Hits);
        Count("ponder.prefix.evictions", "{page}", "Pages that the prefix tree gave up for others.", () => pool.Evictions);
        _meter.CreateObservableCounter(
            "ponder.tokens",
            () => new Measurement<long>[]
            {
                Of(counters.Tokens.Prompt, "kind", "prompt"),
                Of(counters.Tokens.Generated, "kind", "generated"),
                Of(counters.Tokens.Reused, "kind", "reused"),
                Of(counters.Tokens.Recomputed, "kind", "recomputed"),
            },
            "{token}", "Tokens by what happened to them.");
        _meter.CreateObservableGauge(
            "ponder.jobs",
            () =>
            {
                var (waiting, running) = loop.Jobs;
                return new Measurement<long>[] { Of(waiting, "state", "waiting"), Of(running, "state", "running") };
            },
            "{branch}", "Branches that are being extended or read.");
        _meter.CreateObservableGauge(
            "ponder.kv.pages",
            () => new Measurement<long>[] { Of(pool.InUse, "state", "used"), Of(pool.Cached, "state", "cached") },
            "{page}", "Pages of KV memory.");
    }

    /// <summary>A step was computed.</summary>
    public void Step(int rows) => _batch.Record(rows);

    /// <summary>An answer's first token came.</summary>
    public void FirstToken(double seconds) => _first.Record(seconds);

    /// <summary>An answer's next token came.</summary>
    public void NextToken(double seconds) => _between.Record(seconds);

    public void Dispose() => _meter.Dispose();

    private void Count(string name, string unit, string description, Func<long> read) => _meter.CreateObservableCounter(name, read, unit, description);

    private static Measurement<long> Of(long value, string tag, string text) => new(value, new KeyValuePair<string, object?>(tag, text));
}
