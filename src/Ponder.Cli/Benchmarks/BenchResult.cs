using Ponder.Inference;
using Ponder.Inference.Benchmarks;
using Ponder.Numerics.Kernels;

namespace Ponder.Cli.Benchmarks;

/// <summary>One measured case.</summary>
/// <param name="Size">Tokens of the prompt, depth, or branches.</param>
/// <param name="TokensPerSecond">Of each run.</param>
/// <param name="BytesPerSecond">Weights read, in the median run.</param>
/// <param name="OperationsPerSecond">Floating-point operations of the matrix products, in the median run.</param>
internal sealed record BenchCase(int Size, Spread TokensPerSecond, double BytesPerSecond, double OperationsPerSecond)
{
    /// <summary>A case from the seconds of its runs.</summary>
    /// <param name="size">Tokens of the prompt, depth, or branches.</param>
    /// <param name="tokens">Tokens computed in a run.</param>
    /// <param name="outputs">Those of them that gave logits.</param>
    /// <param name="steps">Passes over the weights in a run.</param>
    /// <param name="work">What a pass reads and computes.</param>
    /// <param name="seconds">Of each run.</param>
    public static BenchCase Of(int size, int tokens, int outputs, int steps, MatrixWork work, double[] seconds)
    {
        var rate = Spread.Of(seconds.Select(s => tokens / s));
        double runs = rate.Median / tokens;
        return new BenchCase(size, rate, runs * steps * work.BytesPerStep, runs * work.Operations(tokens, outputs));
    }
}

/// <summary>What <c>ponder bench</c> measured.</summary>
/// <param name="Model">What the user calls the model.</param>
/// <param name="Isa">The instructions that computed, as <c>--isa</c> names them.</param>
/// <param name="Kv">The format of the KV memory, as <c>--kv</c> names it.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Plan">What was asked for.</param>
/// <param name="ReadBandwidth">Memory read by all threads, in bytes per second.</param>
/// <param name="Prefill">Prompts.</param>
/// <param name="Decode">One sequence, token by token.</param>
/// <param name="Branches">Many sequences, token by token; the rates are those of all together.</param>
internal sealed record BenchResult(
    string Model, string Isa, string Kv, int Threads, BenchPlan Plan, Spread ReadBandwidth,
    IReadOnlyList<BenchCase> Prefill, IReadOnlyList<BenchCase> Decode, IReadOnlyList<BenchCase> Branches)
{
    // Between the cases, so that a noisy machine disturbs both alike.
    private const int BandwidthPasses = 3;

    /// <summary>Measures.</summary>
    /// <param name="engine">A language model whose context holds every case.</param>
    /// <param name="model">What the user calls it.</param>
    /// <param name="plan">What to measure.</param>
    /// <param name="report">Gets the part that is done, 0 to 1.</param>
    /// <param name="stop">Stops within one step.</param>
    public static async Task<BenchResult> MeasureAsync(Engine engine, string model, BenchPlan plan, Action<double> report, CancellationToken stop)
    {
        using var benchmark = new EngineBenchmark(engine);
        var bandwidth = new List<double>(await benchmark.ReadBandwidthAsync(BandwidthPasses, stop));
        int done = 0;
        async Task<List<BenchCase>> Each(IReadOnlyList<int> sizes, Func<int, Task<BenchCase>> measure)
        {
            var cases = new List<BenchCase>();
            foreach (int size in sizes)
            {
                cases.Add(await measure(size));
                bandwidth.AddRange(await benchmark.ReadBandwidthAsync(BandwidthPasses, stop));
                report(++done / (double)plan.Cases);
            }
            return cases;
        }
        const int steps = BenchPlan.Steps;
        var work = benchmark.Work;
        var prefill = await Each(plan.Prefill, async tokens => BenchCase.Of(
            tokens, tokens, 1, Passes(tokens, engine), work, await benchmark.PrefillAsync(tokens, plan.Runs, stop)));
        var decode = await Each(plan.Decode, async depth => BenchCase.Of(
            depth, steps, steps, steps, work, await benchmark.DecodeAsync(depth, steps, plan.Runs, stop)));
        var branches = await Each(plan.Branches, async count => BenchCase.Of(
            count, count * steps, count * steps, steps, work,
            await benchmark.BranchesAsync(count, plan.BranchPrompt, plan.SharedPrefix, steps, plan.Runs, stop)));
        return new BenchResult(
            model, VectorWidths.NameOf(engine.Width), KvFormats.NameOf(engine.KvFormat), engine.Threads, plan, Spread.Of(bandwidth), prefill, decode, branches);
    }

    private static int Passes(int tokens, Engine engine) => (tokens + engine.ChunkTokens - 1) / engine.ChunkTokens;
}
