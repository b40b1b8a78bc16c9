using System.Diagnostics;
using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Benchmarks;

/// <summary>
/// Times the steps of an engine's model exactly: forward pass and greedy choice, without tokenizer, sampling or delivery. Prompts are random
/// ids. Each method warms up with one run that does not count, then gives the seconds of each run, in order.
/// </summary>
/// <param name="engine">A language model; what else runs on it waits.</param>
/// <param name="seed">Of the random ids.</param>
public sealed class EngineBenchmark(Engine engine, int seed = 0) : IDisposable
{
    private ReadBandwidth? _bandwidth;

    /// <summary>What the products of a step read and compute.</summary>
    public MatrixWork Work { get; } = MatrixWork.Of(engine.Model);

    /// <summary>Times prompts up to the first token chosen after them.</summary>
    /// <param name="tokens">Length of the prompt, from 1 to the context.</param>
    /// <param name="runs">At least 1.</param>
    /// <param name="profile">Gets the time of each part of one more run, which does not count; null for none.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <exception cref="ContextLengthException">The prompt does not fit the context.</exception>
    public Task<double[]> PrefillAsync(int tokens, int runs, StepProfile? profile = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        Check(tokens, runs, "The prompt");
        int[] prompt = RandomTokens(new Random(seed), tokens);
        return MeasureAsync(
            tokens,
            (stepper, pool) => Time(stepper, profile, runs, () =>
            {
                using var sequence = new KvSequence(pool);
                long start = Stopwatch.GetTimestamp();
                stepper.Fill(sequence, prompt);
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }),
            cancellationToken);
    }

    /// <summary>Times tokens one by one after a prompt, which is computed once and does not count.</summary>
    /// <param name="depth">Length of the prompt, at least 1.</param>
    /// <param name="steps">Tokens to decode, at least 1.</param>
    /// <param name="runs">At least 1; each starts from the same depth.</param>
    /// <param name="profile">Gets the time of each part of one more run, which does not count; null for none.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <exception cref="ContextLengthException">Prompt and tokens do not fit the context.</exception>
    public Task<double[]> DecodeAsync(
        int depth, int steps, int runs, StepProfile? profile = null, CancellationToken cancellationToken = default) =>
        BranchesAsync(1, depth, 0, steps, runs, profile, cancellationToken);

    /// <summary>Times branches that decode together, a token each in a step; their prompts do not count.</summary>
    /// <param name="count">Branches, at least 1.</param>
    /// <param name="promptTokens">Tokens that each branch has for itself, at least 1.</param>
    /// <param name="sharedPrefix">Tokens before them whose KV pages all branches share; 0 for none.</param>
    /// <param name="steps">Tokens to decode in each branch, at least 1.</param>
    /// <param name="runs">At least 1; each starts from the same prompts.</param>
    /// <param name="profile">Gets the time of each part of one more run, which does not count; null for none.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <exception cref="ContextLengthException">Prefix, prompt and tokens do not fit the context.</exception>
    /// <exception cref="KvMemoryException">The KV memory does not hold all branches.</exception>
    public Task<double[]> BranchesAsync(
        int count, int promptTokens, int sharedPrefix, int steps, int runs, StepProfile? profile = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(promptTokens, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(sharedPrefix);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        long length = (long)sharedPrefix + promptTokens + steps;
        Check(length, runs, "A branch with its prompt");
        return MeasureAsync(
            (int)length,
            (stepper, pool) =>
            {
                var branches = new List<KvSequence>();
                try
                {
                    int[] first = Grow(stepper, pool, branches, count, promptTokens, sharedPrefix);
                    return Time(stepper, profile, runs, () => Decode(stepper, branches, first, sharedPrefix + promptTokens, steps));
                }
                finally
                {
                    branches.ForEach(branch => branch.Dispose());
                }
            },
            cancellationToken);
    }

    /// <summary>Measures how fast the engine's threads together read 512 MiB of memory, in bytes per second; the first pass does not count.</summary>
    /// <param name="passes">At least 1.</param>
    /// <param name="cancellationToken">Stops before the first pass.</param>
    public Task<double[]> ReadBandwidthAsync(int passes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        return engine.MeasureAsync(
            (_, _, workers, _) => Time(passes, (_bandwidth ??= new ReadBandwidth(workers)).Measure), cancellationToken);
    }

    /// <summary>
    /// Measures how many float32 operations the engine's threads together compute with its vectors, without memory, in operations per second; the
    /// first pass does not count.
    /// </summary>
    /// <param name="passes">At least 1.</param>
    /// <param name="cancellationToken">Stops before the first pass.</param>
    public Task<double[]> ComputePeakAsync(int passes, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        return engine.MeasureAsync((_, _, workers, _) => Time(passes, new ComputePeak(workers, engine.Path.Width).Measure), cancellationToken);
    }

    /// <summary>Frees the memory that was read; the engine stays.</summary>
    public void Dispose() => _bandwidth?.Dispose();

    /// <summary>Computes the prompts of new branches; returns the first token to decode in each.</summary>
    private int[] Grow(Stepper stepper, KvPool pool, List<KvSequence> branches, int count, int promptTokens, int sharedPrefix)
    {
        var random = new Random(seed);
        using var prefix = new KvSequence(pool);
        if (sharedPrefix > 0)
            stepper.Fill(prefix, RandomTokens(random, sharedPrefix));
        var first = new int[count];
        for (int i = 0; i < count; i++)
        {
            branches.Add(prefix.Fork());
            first[i] = stepper.Fill(branches[i], RandomTokens(random, promptTokens));
        }
        return first;
    }

    private static double Decode(Stepper stepper, List<KvSequence> branches, int[] first, int depth, int steps)
    {
        branches.ForEach(branch => branch.Truncate(depth));
        KvSequence[] all = [.. branches];
        int[] tokens = [.. first];
        long start = Stopwatch.GetTimestamp();
        for (int step = 0; step < steps; step++)
            stepper.Step(all, tokens);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double[] Time(int runs, Func<double> run)
    {
        run();
        return [.. Enumerable.Range(0, runs).Select(_ => run())];
    }

    private static double[] Time(Stepper stepper, StepProfile? profile, int runs, Func<double> run)
    {
        double[] seconds = Time(runs, run);
        if (profile is null)
            return seconds;
        stepper.Profile = profile;
        try
        {
            run();
        }
        finally
        {
            stepper.Profile = null;
        }
        return seconds;
    }

    private Task<double[]> MeasureAsync(int length, Func<Stepper, KvPool, double[]> measure, CancellationToken cancellationToken)
    {
        bool longRope = engine.Model.Config.UsesLongRope(length);
        return engine.MeasureAsync(
            (transformer, pool, _, stop) =>
            {
                using var stepper = new Stepper(transformer, engine.ChunkTokens, longRope, stop);
                return measure(stepper, pool);
            },
            cancellationToken);
    }

    private void Check(long length, int runs, string what)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        engine.DemandLanguageModel("be measured");
        if (length > engine.Context)
            throw new ContextLengthException((int)Math.Min(length, int.MaxValue), engine.Context, what);
    }

    private int[] RandomTokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(engine.Model.Config.Vocabulary))];
}
