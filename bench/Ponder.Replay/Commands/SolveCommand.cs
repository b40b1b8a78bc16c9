using System.CommandLine;
using System.Diagnostics;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Replay.Commands;

/// <summary><c>solve</c>: the samples of one problem drawn by a strategy against as many requests of their own on the same engine, one after the other.</summary>
internal static class SolveCommand
{
    private const int WarmRuns = 2, Runs = 5;

    public static Command Create()
    {
        var samples = EngineFlags.Number("--samples", "Answers.", 64);
        var answer = EngineFlags.Number("--answer", "Most tokens of an answer.", 128);
        var flags = new EngineFlags();
        var command = new Command("solve", "Solves a problem by a majority of many samples and compares the time with separate requests on the same engine.");
        command.Add(samples);
        command.Add(answer);
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            string model = parsed.Tokens.Any(token => token.Value is "--model" or "-m") ? flags.Model(parsed) : EmbeddedModels.Policy;
            using var engine = Engine.Load(model, flags.Options(parsed), cancellationToken: stop);
            (await RunAsync(engine, parsed.GetValue(samples), parsed.GetValue(answer), stop)).Print(flags.WantsJson(parsed));
        });
        return command;
    }

    private static async Task<Report> RunAsync(Engine engine, int samples, int answer, CancellationToken stop)
    {
        var problem = TaskFile.One("chain", "a=28 b=a*3-15 c=b-a d=c+a*5 d?");
        var ratios = new List<double>();
        double solving = 0, asking = 0;
        long promptTokens = 0;
        int[] prompt = engine.EncodePrompt(problem.Prompt.Text!);
        for (int run = 0; run < WarmRuns + Runs; run++)
        {
            var settings = new SolveSettings { Seed = (ulong)run, MaxTokens = answer };
            long start = Stopwatch.GetTimestamp();
            var outcome = await new Solver(new EnginePolicy(engine), new Majority(samples), settings).SolveAsync(problem, stop);
            double together = Stopwatch.GetElapsedTime(start).TotalSeconds;
            start = Stopwatch.GetTimestamp();
            for (int i = 0; i < samples; i++)
            {
                var options = new GenerationOptions { MaxTokens = answer, Sampling = new SamplingOptions { Seed = (ulong)((run * samples) + i) } };
                await engine.CompleteAsync([new GenerationRequest(prompt, 1, options)], cancellationToken: stop);
            }
            double apart = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (run < WarmRuns)
                continue;                                       // machine code is made, first quickly and then well
            ratios.Add(together / apart);
            (solving, asking) = (solving + (together / Runs), asking + (apart / Runs));
            promptTokens = Math.Max(promptTokens, outcome.Ledger.PromptTokens);
        }
        var report = new Report($"A majority of {samples} samples against {samples} requests one after the other, {Path.GetFileName(engine.Model.Path.Weights)}");
        report.Add("prompt tokens computed for all samples", promptTokens, "", $"at most {prompt.Length}", promptTokens <= prompt.Length);
        report.Add($"time of the solve, mean of {Runs}", solving, "s");
        report.Add("time of the requests", asking, "s");
        report.Add("ratio, least", ratios.Min());
        report.Add("ratio, median", Figures.Quantile(ratios, 0.5), "of the time", "at most 0.167", Figures.Quantile(ratios, 0.5) <= 1 / 6.0);
        report.Add("ratio, most", ratios.Max());
        return report;
    }
}
