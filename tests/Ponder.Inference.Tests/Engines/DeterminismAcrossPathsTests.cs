using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Gguf.Synthesis;
using Ponder.Numerics.CodeGen;

namespace Ponder.Inference.Tests.Engines;

/// <summary>
/// 64 requests with all kinds of sampling give the same tokens alone and together, in any order, on any number of threads, in chunks of any size, with and
/// without what earlier requests left in the prefix tree; on every instruction set of the machine, each of which may have tokens of its own.
/// </summary>
public sealed class DeterminismAcrossPathsTests(DeterminismAcrossPathsTests.Model model) : IClassFixture<DeterminismAcrossPathsTests.Model>
{
    private const int Count = 64;

    private static readonly GenerationRequest[] Requests = [.. Enumerable.Range(0, Count).Select(Request)];

    /// <summary>A model with quantized weights, on which instruction sets compute differently.</summary>
    public sealed class Model : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("ponder-").FullName;

        public Model() => RandomModel.Write(File, ModelShape.Find("tiny")!, QuantizationMix.Find("q4_k_m")!);

        public string File => Path.Combine(_folder, "tiny.gguf");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }

    public static TheoryData<string> Paths => [.. ExecutionPath.Names];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Tokens_depend_on_the_request_alone(string name)
    {
        var path = ExecutionPath.Require("path", name);
        var expected = new Completion[Count];
        using (var engine = Load(new EngineOptions { Threads = 1, Path = path, CachePrefixes = false }))
        {
            for (int i = 0; i < Count; i++)
                expected[i] = (await engine.CompleteAsync([Requests[i]]))[0][0];
        }
        expected.Select(answer => string.Join(' ', answer.Ids)).Distinct().Count().ShouldBeGreaterThan(Count / 2);

        int[] order = [.. Enumerable.Range(0, Count)];
        await ShouldGive(expected, order, new EngineOptions { Threads = 2, Path = path, ChunkTokens = 512, SharedChunkTokens = 512 }, name);
        await ShouldGive(expected, Shuffled(7), new EngineOptions { Threads = 1, Path = path, ChunkTokens = 16, SharedChunkTokens = 5 }, name);
        await ShouldGive(expected, Shuffled(8), new EngineOptions { Threads = 2, Path = path, ChunkTokens = 16, MaxBranches = 5, CachePrefixes = false }, name);
    }

    [Fact]
    public void Options_print_their_path() => new EngineOptions { Path = ExecutionPath.Current.Exact }.ToString().ShouldContain("Path = portable");

    /// <summary>All at once on an engine that has computed nothing, then again, one after the other, on what that left in the prefix tree.</summary>
    private async Task ShouldGive(Completion[] expected, int[] order, EngineOptions options, string path)
    {
        using var engine = Load(options);
        var cold = await Task.WhenAll(order.Select(i => engine.CompleteAsync([Requests[i]])));
        for (int i = 0; i < Count; i++)
            ShouldBeSame(cold[i][0][0], expected[order[i]], $"{path}, {options}, request {order[i]}");
        long before = engine.Statistics.ReusedTokens;
        foreach (int i in order.Take(24))
            ShouldBeSame((await engine.CompleteAsync([Requests[i]]))[0][0], expected[i], $"{path}, {options}, warm, request {i}");
        (engine.Statistics.ReusedTokens > before).ShouldBe(options.CachePrefixes);
        engine.KvPagesInUse.ShouldBe(0);
    }

    private static void ShouldBeSame(Completion actual, Completion expected, string what)
    {
        actual.Ids.ShouldBe(expected.Ids, what);
        actual.Text.ShouldBe(expected.Text, what);
        actual.LogProbabilities.ShouldBe(expected.LogProbabilities, what);
        actual.Finish.ShouldBe(expected.Finish, what);
    }

    private static int[] Shuffled(int seed)
    {
        int[] order = [.. Enumerable.Range(0, Count)];
        new Random(seed).Shuffle(order);
        return order;
    }

    private static GenerationRequest Request(int number)
    {
        var random = new Random(1000 + number);
        int[] shared = [.. Enumerable.Range(0, 40).Select(i => 8 + (i * 31 + number % 3 * 97) % 500)];       // three beginnings
        int[] prompt = [.. shared.Take(number % 4 == 0 ? 0 : random.Next(1, 41)), .. Enumerable.Range(0, 1 + random.Next(number % 5 == 0 ? 90 : 20)).Select(_ => random.Next(8, 512))];
        var sampling = new SamplingOptions { Seed = (ulong)number * 977, Temperature = 0.2 + number % 7 * 0.2 };
        sampling = (number % 9) switch
        {
            0 => SamplingOptions.Greedy,
            1 => sampling with { TopK = 20 },
            2 => sampling with { TopP = 0.8 },
            3 => sampling with { MinP = 0.05, TopK = 50 },
            4 => sampling with { Typical = 0.7 },
            5 => sampling with { RepetitionPenalty = 1.3, FrequencyPenalty = 0.4, PresencePenalty = 0.3, PenaltyWindow = 30 },
            6 => sampling with { MirostatTau = 5 },
            7 => sampling with { DryMultiplier = 0.8, TopNSigma = 1.5 },
            _ => sampling with { LogitBias = new Dictionary<int, double> { [10 + number] = 4, [20] = double.NegativeInfinity } },
        };
        return new GenerationRequest(prompt, 1, new GenerationOptions
        {
            Sampling = sampling,
            MaxTokens = 3 + number % 23,
            IgnoreEnd = number % 2 == 0,
            LogProbabilities = number % 3 == 0,
            Priority = number % 4,
        });
    }

    private Engine Load(EngineOptions options) => Engine.Load(model.File, options);
}
