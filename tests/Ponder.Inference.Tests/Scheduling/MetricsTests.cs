using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ponder.Inference.Generation;
using Ponder.Models.Gguf.Synthesis;

namespace Ponder.Inference.Tests.Scheduling;

public sealed class MetricsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-").FullName;

    [Fact]
    public async Task A_listener_sees_the_counts_of_the_statistics()
    {
        string name = $"{Guid.NewGuid()}.gguf";                 // a meter carries the name of its model: this one is ours
        RandomModel.Write(Path.Combine(_folder, name), ModelShape.Find("tiny")!, QuantizationMix.Find("q8_0")!);
        var sums = new ConcurrentDictionary<string, double>();
        var counts = new ConcurrentDictionary<string, int>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Ponder.Inference" && instrument.Meter.Tags!.Any(tag => Equals(tag.Value, name)))
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();

        using var engine = Engine.Load(Path.Combine(_folder, name), new EngineOptions { Threads = 2 });
        int[] prompt = [.. Enumerable.Range(20, 40)];
        var options = new GenerationOptions { MaxTokens = 9, IgnoreEnd = true };
        await engine.CompleteAsync([new GenerationRequest(prompt, 3, options)]);
        await engine.CompleteAsync([new GenerationRequest(prompt, 1, options)]);
        // A step is counted when the last of its tokens was handed out.
        SpinWait.SpinUntil(() => counts.GetValueOrDefault("ponder.step.rows") == engine.Statistics.Steps && engine.Statistics.Running == 0, 10_000).ShouldBeTrue();

        var statistics = engine.Statistics;
        listener.RecordObservableInstruments();
        sums["ponder.step.rows"].ShouldBe(statistics.Rows);
        sums["ponder.steps"].ShouldBe(statistics.Steps);
        counts["ponder.time_to_first_token"].ShouldBe(4);
        counts["ponder.time_between_tokens"].ShouldBe(4 * 8);
        sums["ponder.tokens generated"].ShouldBe(statistics.GeneratedTokens);
        statistics.GeneratedTokens.ShouldBe(4 * 9);
        sums["ponder.tokens prompt"].ShouldBe(statistics.PromptTokens);
        sums["ponder.tokens reused"].ShouldBe(statistics.ReusedTokens);
        statistics.ReusedTokens.ShouldBe(32);                   // two whole pages of the prompt
        statistics.PromptTokens.ShouldBe(40 + 8);
        sums["ponder.tokens recomputed"].ShouldBe(statistics.RecomputedTokens);
        sums["ponder.preemptions"].ShouldBe(statistics.Preemptions);
        sums["ponder.prefix.evictions"].ShouldBe(statistics.Evictions);
        sums["ponder.prefix.hits"].ShouldBeGreaterThan(0);
        sums["ponder.prefix.lookups"].ShouldBeGreaterThanOrEqualTo(sums["ponder.prefix.hits"]);
        sums["ponder.jobs waiting"].ShouldBe(0);
        sums["ponder.jobs running"].ShouldBe(0);
        sums["ponder.kv.pages used"].ShouldBe(statistics.PagesInUse);
        sums["ponder.kv.pages cached"].ShouldBe(statistics.PagesCached);
        statistics.PagesCached.ShouldBeGreaterThan(0);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string key = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
            sums.AddOrUpdate(key, value, (_, sum) => sum + value);
            counts.AddOrUpdate(key, 1, (_, count) => count + 1);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
