using System.Diagnostics;
using System.Globalization;
using Ponder.Benchmarks;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

// Decoding speed of a model against the machine's read bandwidth, measured in turn so that a noisy machine disturbs both alike.
if (args.Length is < 1 or > 2)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Ponder.Benchmarks -- MODEL [ROUNDS]");
    return 2;
}
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 7;
const int prefill = 512, decode = 64;

using var engine = Engine.Load(args[0], new EngineOptions { ChunkTokens = prefill });
using var pool = new WorkerPool();
using var bandwidth = new ReadBandwidth(pool);
int[] prompt = [.. Enumerable.Range(0, prefill).Select(i => 100 + i * 7 % (engine.Model.Config.Vocabulary - 200))];
var rows = new List<(double Read, double Decode, double Prefill)>();
for (int round = -1; round < rounds; round++)                   // the first warms up
{
    double read = bandwidth.Measure();
    double decodeSeconds = await SecondsAsync(prompt[..16], decode + 1) - await SecondsAsync(prompt[..16], 1);
    double prefillSeconds = await SecondsAsync(prompt, 1);
    if (round >= 0)
        rows.Add((read, engine.MatrixBytes * (double)decode / decodeSeconds, prefill / prefillSeconds));
}
Console.WriteLine($"{Path.GetFileName(args[0])}, {engine.Threads} threads, {VectorWidths.Current}, {engine.MatrixBytes / 1e6:0.0} MB of matrices, {rounds} rounds: min / median / max");
Print("memory read, GB/s", rows.Select(r => r.Read / 1e9));
Print("decode reads weights at, GB/s", rows.Select(r => r.Decode / 1e9));
Print("decode, tokens/s", rows.Select(r => r.Decode / engine.MatrixBytes));
Print("decode / memory read", rows.Select(r => r.Decode / r.Read));
Print($"prefill {prefill}, tokens/s", rows.Select(r => r.Prefill));
return 0;

async Task<double> SecondsAsync(int[] ids, int tokens)
{
    long start = Stopwatch.GetTimestamp();
    var options = new GenerationOptions { MaxTokens = tokens, IgnoreEnd = true, Sampling = SamplingOptions.Greedy };
    await foreach (var _ in engine.GenerateAsync(ids, options))
    {
    }
    return Stopwatch.GetElapsedTime(start).TotalSeconds;
}

static void Print(string name, IEnumerable<double> values)
{
    double[] sorted = [.. values.Order()];
    Console.WriteLine($"{name,-32} {sorted[0],8:0.00} / {sorted[sorted.Length / 2],8:0.00} / {sorted[^1],8:0.00}");
}
