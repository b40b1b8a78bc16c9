using System.CommandLine;
using Ponder.Inference;
using Ponder.Replay.Traces;

namespace Ponder.Replay.Commands;

/// <summary><c>azure</c>: a recorded mix of prompt and answer lengths, one request at a time and then as they arrive.</summary>
internal static class AzureCommand
{
    private const string Meaning =
        """
        Replays a trace: the prompt and answer lengths of its first requests divided by --scale, prompts of random ids, answers of exactly the traced length.

        Passes over the same requests:
        1. one at a time: each request starts when the one before has ended. Output tokens / seconds, prompts included, is what an engine without batching
           gives to callers that queue.
        2. all at once: every request is there from the beginning. Output tokens / seconds is the capacity: no order of arrival can get more.
        3. as they arrive (open loop): arrival times are those of the trace, all stretched by one factor, so that a server that computes at the capacity of
           pass 2 would be busy for --load of the time from the first arrival to its last token; nobody waits for an answer before sending the next. The
           mean rate of arrivals is no measure: the trace begins slowly, and at 0.9 of the capacity on average even that server idles a quarter of the time.
        Throughput of pass 3 counts from the first arrival to the last token; it must be at least twice that of pass 1 (which runs again at the end; the
        faster counts). The time between tokens is measured where readers receive them, over all gaps of all answers: its 99th percentile must be under
        four medians. A request is lost if it fails or its answer has not the traced length.
        """;

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "AzureLLMInferenceTrace_conv.csv, or another trace in its format." };
        var count = EngineFlags.Number("--requests", "Requests.", 300);
        var scale = EngineFlags.Number("--scale", "What lengths are divided by.", 16);
        var load = new Option<double>("--load") { Description = "The part of the time that the requests keep the capacity busy.", HelpName = "PART", DefaultValueFactory = _ => 0.9 };
        var seed = EngineFlags.Number("--seed", "Of the random prompts.", 0);
        var flags = new EngineFlags();
        var command = new Command("azure", Meaning);
        command.Add(file);
        command.Add(count);
        command.Add(scale);
        command.Add(load);
        command.Add(seed);
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var requests = AzureTrace.Read(parsed.GetValue(file)!, parsed.GetValue(count), Math.Max(1, parsed.GetValue(scale)));
            using var engine = Engine.Load(flags.Model(parsed), flags.Options(parsed), cancellationToken: stop);
            var replay = new TraceReplay(engine, requests, parsed.GetValue(seed));
            var report = await RunAsync(engine, replay, requests, parsed.GetValue(load), stop);
            report.Print(flags.WantsJson(parsed));
        });
        return command;
    }

    private static async Task<Report> RunAsync(
        Engine engine, TraceReplay replay, IReadOnlyList<TracedRequest> requests, double load, CancellationToken stop)
    {
        await replay.WarmUpAsync(stop);
        var alone = await replay.OneAtATimeAsync(stop);
        var all = await replay.AllAtOnceAsync(stop);
        double stretch = Utilization.Stretch(requests, requests.Sum(request => request.Answer) / all.OutputRate, load);
        var before = engine.Statistics;
        var open = await replay.AsTheyArriveAsync(stretch, stop);
        var after = engine.Statistics;
        var again = await replay.OneAtATimeAsync(stop);         // the machine may have changed in between
        double single = Math.Max(alone.OutputRate, again.OutputRate);

        double median = Figures.Quantile(open.Gaps, 0.5), p99 = Figures.Quantile(open.Gaps, 0.99);
        int lost = alone.Lost + all.Lost + open.Lost + again.Lost;
        var report = new Report($"Trace: {requests.Count} requests, {requests.Sum(r => r.Prompt)} prompt and {requests.Sum(r => r.Answer)} answer tokens");
        report.Add("one at a time", alone.OutputRate, "output tokens/s");
        report.Add("capacity (all at once)", all.OutputRate, "output tokens/s");
        report.Add("mean rate of arrivals", requests.Sum(request => request.Answer) / (requests[^1].Arrival * stretch), "output tokens/s");
        report.Add("arrival times stretched by", stretch, "");
        report.Add("one at a time, once more", again.OutputRate, "output tokens/s");
        report.Add("as they arrive", open.OutputRate, "output tokens/s");
        report.Add("against one at a time", open.OutputRate / single, "times", "at least 2", open.OutputRate >= 2 * single);
        report.Add("time between tokens, median", 1e3 * median, "ms");
        report.Add("time between tokens, 99%", 1e3 * p99, "ms", "under 4 medians", p99 < 4 * median);
        report.Add("99% against median", p99 / median, "times");
        report.Add("time between tokens, longest", 1e3 * open.Gaps.DefaultIfEmpty().Max(), "ms");
        report.Add("time to first token, median", 1e3 * Figures.Quantile(open.FirstTokens, 0.5), "ms");
        report.Add("time to first token, 99%", 1e3 * Figures.Quantile(open.FirstTokens, 0.99), "ms");
        report.Add("latest arrival behind its time", 1e3 * open.WorstDelay, "ms");
        report.Add("most requests under way", open.MostUnderWay);
        report.Add("rows of a step, mean", (double)(after.Rows - before.Rows) / Math.Max(1, after.Steps - before.Steps));
        report.Add("preemptions", after.Preemptions - before.Preemptions);
        report.Add("lost requests of all passes", lost, "", "0", lost == 0);
        return report;
    }
}
