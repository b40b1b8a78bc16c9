using System.CommandLine;
using System.Diagnostics;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Replay.Commands;

/// <summary>
/// <c>best-of</c>: many samples of one prompt against as many requests of their own on an engine that keeps nothing. The bar compares with requests one after
/// the other; the time of the same requests sent together, which share steps but not the prompt, is shown beside it.
/// </summary>
internal static class BestOfCommand
{
    private const int Page = 16;

    public static Command Create()
    {
        var samples = EngineFlags.Number("--samples", "Answers.", 32);
        var prompt = EngineFlags.Number("--prompt", "Tokens of the prompt.", 512);
        var answer = EngineFlags.Number("--answer", "Tokens of an answer.", 32);
        var flags = new EngineFlags();
        var command = new Command(
            "best-of",
            "Draws samples of one prompt and compares with separate requests on an engine without a prefix cache: prompt tokens computed, time, peak of unique KV tokens.");
        command.Add(samples);
        command.Add(prompt);
        command.Add(answer);
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var work = new Work(parsed.GetValue(samples), parsed.GetValue(prompt), parsed.GetValue(answer));
            var report = await RunAsync(flags.Model(parsed), flags.Options(parsed), work, stop);
            report.Print(flags.WantsJson(parsed));
        });
        return command;
    }

    private const int WarmRuns = 3, Runs = 5;                   // machine code is made for some seconds, first quickly and then well

    private sealed record Work(int Samples, int Prompt, int Answer);

    private static async Task<Report> RunAsync(string model, EngineOptions options, Work work, CancellationToken stop)
    {
        var answer = new GenerationOptions { MaxTokens = work.Answer, IgnoreEnd = true, Sampling = new SamplingOptions { Seed = 1 } };
        double shared, oneByOne, together;
        long computed, peak;
        using (var engine = Engine.Load(model, options, cancellationToken: stop))
        {
            var times = new List<double>();
            computed = 0;
            for (int run = 0; run < WarmRuns + Runs; run++)     // a prompt of its own each time: the prefix tree has nothing of it
            {
                int[] prompt = Figures.RandomIds(new Random(run), work.Prompt, engine.Model.Config.Vocabulary);
                long before = engine.Statistics.PromptTokens;
                times.Add(await TimeAsync(() => engine.CompleteAsync([new GenerationRequest(prompt, work.Samples, answer)], cancellationToken: stop)));
                computed = Math.Max(computed, engine.Statistics.PromptTokens - before);
            }
            shared = Figures.Quantile(times[WarmRuns..], 0.5);
            peak = (long)engine.Statistics.PeakPages * Page;
        }
        using (var engine = Engine.Load(model, options with { CachePrefixes = false }, cancellationToken: stop))
        {
            int[] prompt = Figures.RandomIds(new Random(0), work.Prompt, engine.Model.Config.Vocabulary);
            await WarmUpAsync(engine, stop);
            GenerationRequest[] requests =
            [
                .. Enumerable.Range(0, work.Samples).Select(i => new GenerationRequest(
                    prompt, 1, answer with { Sampling = new SamplingOptions { Seed = (ulong)i } })),
            ];
            oneByOne = await TimeAsync(async () =>
            {
                foreach (var request in requests)
                    await engine.CompleteAsync([request], cancellationToken: stop);
            });
            together = await TimeAsync(() => engine.CompleteAsync(requests, cancellationToken: stop));
        }
        // The last token of an answer is never computed. A prompt that ends inside a page: each branch copies that page before it writes.
        int rest = work.Prompt % Page, own = (rest + work.Answer - 1 + Page - 1) / Page * Page;
        long allowed = (work.Prompt + Page - 1) / Page * Page + (long)work.Samples * own;
        var report = new Report($"Best of {work.Samples}: a prompt of {work.Prompt} tokens, answers of {work.Answer}");
        report.Add("prompt tokens computed", computed, "", $"{work.Prompt}", computed == work.Prompt);
        report.Add("peak of unique KV tokens", peak, "", $"at most {allowed}", peak <= allowed);
        report.Add($"time, median of {Runs} runs", shared, "s");
        report.Add("separate requests one after the other", oneByOne, "s");
        report.Add("against them", shared / oneByOne, "of the time", "at most 0.125", shared <= oneByOne / 8);
        report.Add("separate requests sent together", together, "s");
        report.Add("against those", shared / together, "of the time");
        return report;
    }

    private static async Task WarmUpAsync(Engine engine, CancellationToken stop) =>
        await engine.CompleteAsync([new GenerationRequest([9, 9, 9], 2, new GenerationOptions { MaxTokens = 8, IgnoreEnd = true })], cancellationToken: stop);

    private static async Task<double> TimeAsync(Func<Task> run)
    {
        long start = Stopwatch.GetTimestamp();
        await run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
