using Ponder.Inference;
using Ponder.Inference.Benchmarks;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Cli.Benchmarks;

/// <summary>One measured case.</summary>
/// <param name="Size">Tokens of the prompt, depth, or branches.</param>
/// <param name="TokensPerSecond">Of each run.</param>
/// <param name="BytesPerSecond">Weights read, in the median run.</param>
/// <param name="OperationsPerSecond">Floating-point operations of the matrix products, in the median run.</param>
/// <param name="Parts">Milliseconds of each part of a step (of a whole prompt), or null when they were not asked for.</param>
internal sealed record BenchCase(
    int Size, Spread TokensPerSecond, double BytesPerSecond, double OperationsPerSecond, IReadOnlyDictionary<StepPart, double>? Parts)
{
    /// <summary>A case from the seconds of its runs.</summary>
    /// <param name="size">Tokens of the prompt, depth, or branches.</param>
    /// <param name="tokens">Tokens computed in a run.</param>
    /// <param name="outputs">Those of them that gave logits.</param>
    /// <param name="steps">Passes over the weights in a run.</param>
    /// <param name="work">What a pass reads and computes.</param>
    /// <param name="parts">Milliseconds of each part of a step, or null.</param>
    /// <param name="seconds">Of each run.</param>
    public static BenchCase Of(
        int size, int tokens, int outputs, int steps, MatrixWork work, IReadOnlyDictionary<StepPart, double>? parts, double[] seconds)
    {
        var rate = Spread.Of(seconds.Select(s => tokens / s));
        double runs = rate.Median / tokens;
        return new BenchCase(size, rate, runs * steps * work.BytesPerStep, runs * work.Operations(tokens, outputs), parts);
    }
}

/// <summary>What <c>ponder bench</c> measured.</summary>
/// <param name="Model">What the user calls the model.</param>
/// <param name="Isa">The instructions that computed, as <c>--isa</c> names them.</param>
/// <param name="Kv">The format of the KV memory, as <c>--kv</c> names it.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Plan">What was asked for.</param>
/// <param name="ReadBandwidth">Memory read by all threads, in bytes per second.</param>
/// <param name="ComputePeak">Float32 operations per second of all threads in registers.</param>
/// <param name="Prefill">Prompts.</param>
/// <param name="Decode">One sequence, token by token.</param>
/// <param name="Branches">Many sequences, token by token; the rates are those of all together.</param>
internal sealed record BenchResult(
    string Model, string Isa, string Kv, int Threads, BenchPlan Plan, Spread ReadBandwidth, Spread ComputePeak,
    IReadOnlyList<BenchCase> Prefill, IReadOnlyList<BenchCase> Decode, IReadOnlyList<BenchCase> Branches)
{
    // Between the cases, so that a noisy machine disturbs both alike.
    private const int MachinePasses = 3;

    /// <summary>Measures.</summary>
    /// <param name="engine">A language model whose context holds every case.</param>
    /// <param name="model">What the user calls it.</param>
    /// <param name="plan">What to measure.</param>
    /// <param name="report">Gets the part that is done, 0 to 1.</param>
    /// <param name="stop">Stops within one step.</param>
    public static async Task<BenchResult> MeasureAsync(Engine engine, string model, BenchPlan plan, Action<double> report, CancellationToken stop)
    {
        using var benchmark = new EngineBenchmark(engine);
        var bandwidth = new List<double>();
        var peak = new List<double>();
        async Task MeasureMachine()
        {
            bandwidth.AddRange(await benchmark.ReadBandwidthAsync(MachinePasses, stop));
            peak.AddRange(await benchmark.ComputePeakAsync(MachinePasses, stop));
        }
        await MeasureMachine();
        int done = 0;
        async Task<List<BenchCase>> Each(IReadOnlyList<int> sizes, Func<int, Task<BenchCase>> measure)
        {
            var cases = new List<BenchCase>();
            foreach (int size in sizes)
            {
                cases.Add(await measure(size));
                await MeasureMachine();
                report(++done / (double)plan.Cases);
            }
            return cases;
        }
        const int steps = BenchPlan.Steps;
        var work = benchmark.Work;
        var prefill = await Each(plan.Prefill, async tokens =>
        {
            var profile = Profile(plan);
            double[] seconds = await benchmark.PrefillAsync(tokens, plan.Runs, profile, stop);
            return BenchCase.Of(tokens, tokens, 1, Passes(tokens, engine), work, Parts(profile, 1), seconds);
        });
        var decode = await Each(plan.Decode, async depth =>
        {
            var profile = Profile(plan);
            double[] seconds = await benchmark.DecodeAsync(depth, steps, plan.Runs, profile, stop);
            return BenchCase.Of(depth, steps, steps, steps, work, Parts(profile, steps), seconds);
        });
        var branches = await Each(plan.Branches, async count =>
        {
            var profile = Profile(plan);
            double[] seconds = await benchmark.BranchesAsync(count, plan.BranchPrompt, plan.SharedPrefix, steps, plan.Runs, profile, stop);
            return BenchCase.Of(count, count * steps, count * steps, steps, work, Parts(profile, steps), seconds);
        });
        return new BenchResult(
            model, engine.Path.Name, KvFormats.NameOf(engine.KvFormat), engine.Threads, plan, Spread.Of(bandwidth), Spread.Of(peak), prefill, decode, branches);
    }

    private static StepProfile? Profile(BenchPlan plan) => plan.Profiles ? new StepProfile() : null;

    private static Dictionary<StepPart, double>? Parts(StepProfile? profile, int steps) =>
        profile is null ? null : Enum.GetValues<StepPart>().ToDictionary(part => part, part => profile.Seconds(part) * 1000 / steps);

    private static int Passes(int tokens, Engine engine) => (tokens + engine.ChunkTokens - 1) / engine.ChunkTokens;
}
