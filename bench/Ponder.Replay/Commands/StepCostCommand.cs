using System.CommandLine;
using Ponder.Inference;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Numerics;

namespace Ponder.Replay.Commands;

/// <summary>
/// <c>step-cost</c>: what a decode step spends outside the forward pass. Branches that were forked from one computed prompt are extended together, so that
/// every measured step is one token of each; rounds of the four cases alternate, and each figure is the median of its rounds.
/// </summary>
internal static class StepCostCommand
{
    private static readonly Case[] Cases =
    [
        new("greedy", SamplingOptions.Greedy, false),
        new("greedy, metrics listened to", SamplingOptions.Greedy, true),
        new("temperature, top-k, top-p", new SamplingOptions { Temperature = 0.8, TopK = 40, TopP = 0.95, Seed = 1 }, false),
        new("temperature, top-k, top-p, metrics listened to", new SamplingOptions { Temperature = 0.8, TopK = 40, TopP = 0.95, Seed = 1 }, true),
    ];

    public static Command Create()
    {
        var branches = EngineFlags.Number("--samples", "Branches in a step.", 32);
        var tokens = EngineFlags.Number("--answer", "Tokens of each branch in a round.", 64);
        var rounds = EngineFlags.Number("--rounds", "Rounds of each case.", 5);
        var flags = new EngineFlags();
        var command = new Command("step-cost", "Shows what part of a decode step goes to scheduling, sampling and delivery, and what metrics cost.");
        command.Add(branches);
        command.Add(tokens);
        command.Add(rounds);
        flags.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            using var engine = Engine.Load(flags.Model(parsed), flags.Options(parsed), cancellationToken: stop);
            var report = await RunAsync(engine, parsed.GetValue(branches), parsed.GetValue(tokens), parsed.GetValue(rounds), stop);
            report.Print(flags.WantsJson(parsed));
        });
        return command;
    }

    private sealed record Case(string Name, SamplingOptions Sampling, bool WithMetrics);

    /// <summary>Microseconds a step.</summary>
    private sealed record Cost(double Schedule, double Forward, double Sample, double Deliver)
    {
        public double Share => (Schedule + Sample + Deliver) / (Schedule + Forward + Sample + Deliver);
    }

    private static async Task<Report> RunAsync(Engine engine, int branches, int tokens, int rounds, CancellationToken stop)
    {
        using var root = engine.CreateBranch(Figures.RandomIds(new Random(0), 64, engine.Model.Config.Vocabulary));
        await root.OutputsAsync(stop);
        foreach (var one in Cases)
            await MeasureAsync(engine, root, one, branches, Math.Min(16, tokens), stop);
        var costs = Cases.Select(_ => new List<Cost>()).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < Cases.Length; i++)
                costs[i].Add(await MeasureAsync(engine, root, Cases[i], branches, tokens, stop));
        }
        var report = new Report($"A step of {branches} branches, {engine.Model.Config.Vocabulary} outputs each, {engine.Threads} threads");
        for (int i = 0; i < Cases.Length; i++)
        {
            string name = Cases[i].Name;
            double share = Median(costs[i], cost => cost.Share);
            report.Add($"{name}: schedule", Median(costs[i], cost => cost.Schedule), "us");
            report.Add($"{name}: forward", Median(costs[i], cost => cost.Forward), "us");
            report.Add($"{name}: sample", Median(costs[i], cost => cost.Sample), "us");
            report.Add($"{name}: deliver", Median(costs[i], cost => cost.Deliver), "us");
            report.Add($"{name}: all but forward", 100 * share, "%", "under 5", share < 0.05);
        }
        report.Add("metrics: longer delivery, greedy", Median(costs[1], cost => cost.Deliver) - Median(costs[0], cost => cost.Deliver), "us");
        return report;
    }

    private static double Median(List<Cost> costs, Func<Cost, double> value) => Figures.Quantile(costs.Select(value), 0.5);

    private static async Task<Cost> MeasureAsync(Engine engine, Branch root, Case one, int count, int tokens, CancellationToken stop)
    {
        using var listener = one.WithMetrics ? new MetricsSink() : null;
        Branch[] branches = [.. Enumerable.Range(0, count).Select(i => root.Fork((ulong)i))];
        try
        {
            var options = new GenerationOptions { Sampling = one.Sampling, MaxTokens = tokens, IgnoreEnd = true };
            var before = engine.Statistics;
            await Task.WhenAll(engine.ExtendAsync(branches, options, stop));
            var after = engine.Statistics;
            if (listener is { Measurements: 0 })
                throw new PonderException("The engine wrote no metrics though somebody listened.");
            double steps = Math.Max(1, after.Steps - before.Steps);
            return new Cost(
                PerStep(after.Scheduling - before.Scheduling), PerStep(after.Forward - before.Forward), PerStep(after.Sampling - before.Sampling),
                PerStep(after.Delivery - before.Delivery));

            double PerStep(TimeSpan time) => time.TotalMicroseconds / steps;
        }
        finally
        {
            foreach (var branch in branches)
                branch.Dispose();
        }
    }
}
