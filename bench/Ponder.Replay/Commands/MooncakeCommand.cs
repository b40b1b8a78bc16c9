using System.CommandLine;
using System.Diagnostics;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Gguf.Synthesis;
using Ponder.Replay.Traces;

namespace Ponder.Replay.Commands;

/// <summary>
/// <c>mooncake</c>: how much of what prompts share the prefix tree finds. Each 512-token block of the trace becomes one page of 16 tokens made from the
/// block's id; requests run in order, one at a time, through a tiny model, with memory enough that nothing is evicted. The sum of reused tokens is
/// compared with what the block ids allow under unlimited memory, which <see cref="UnlimitedCache"/> works out from the file alone.
/// </summary>
internal static class MooncakeCommand
{
    private static readonly ModelShape Shape =
        new("prefixes", "llama", 1, 32, 64, 2, 1, 16, MooncakeTrace.Vocabulary, 8192, 1e4f, 1e-5f, Tied: true, "gpt-2");

    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "mooncake_synthetic.jsonl, or another trace in its format." };
        var count = EngineFlags.Number("--requests", "Replay only the first N requests.", int.MaxValue);
        var flags = new EngineFlags();
        var command = new Command(
            "mooncake", "Replays shared prompts in order and compares the reused tokens with what their block ids allow. A block of 512 tokens becomes a page of 16.");
        command.Add(file);
        command.Add(count);
        flags.AddTo(command, withModel: false);
        command.SetAction(async (parsed, stop) =>
        {
            var prompts = MooncakeTrace.Read(parsed.GetValue(file)!, parsed.GetValue(count));
            var report = await RunAsync(prompts, flags.Options(parsed), stop);
            report.Print(flags.WantsJson(parsed));
        });
        return command;
    }

    private static async Task<Report> RunAsync(IReadOnlyList<MooncakeTrace.Prompt> prompts, EngineOptions options, CancellationToken stop)
    {
        using var engine = Engine.Load(EngineFlags.Make(Shape, QuantizationMix.Find("f32")!), options, cancellationToken: stop);
        var answer = new GenerationOptions { MaxTokens = 1, IgnoreEnd = true, Sampling = SamplingOptions.Greedy };
        var cache = new UnlimitedCache();
        long possible = 0, tokens = 0;
        int skipped = 0;
        long start = Stopwatch.GetTimestamp();
        foreach (var prompt in prompts)
        {
            if (prompt.Tokens > engine.Context)
            {
                skipped++;
                continue;
            }
            tokens += prompt.Tokens;
            possible += cache.Reuse(prompt);
            await engine.CompleteAsync([new GenerationRequest(prompt.Ids(), 1, answer)], cancellationToken: stop);
        }
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        var statistics = engine.Statistics;
        double found = possible == 0 ? 1 : (double)statistics.ReusedTokens / possible;
        var report = new Report($"Prefix reuse: {prompts.Count - skipped} requests in order");
        report.Add("prompt tokens", tokens);
        report.Add("requests longer than the context, left out", skipped);
        report.Add("reusable under unlimited memory", possible);
        report.Add("reused", statistics.ReusedTokens);
        report.Add("computed", statistics.PromptTokens);
        report.Add("reused and computed less prompts", statistics.ReusedTokens + statistics.PromptTokens - tokens, "tokens", "0", statistics.ReusedTokens + statistics.PromptTokens == tokens);
        report.Add("reusable part of prompts", 100.0 * possible / tokens, "%");
        report.Add("found of the reusable", 100 * found, "%", "at least 95", found is >= 0.95 and <= 1);
        report.Add("pages evicted", statistics.Evictions, "", "0", statistics.Evictions == 0);
        report.Add("pages in use at the end", statistics.PagesInUse, "", "0", statistics.PagesInUse == 0);
        report.Add("time", seconds, "s");
        return report;
    }
}
