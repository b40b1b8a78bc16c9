using Ponder.Inference.Benchmarks;
using Ponder.Inference.Generation;
using Ponder.Models.Files;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Benchmarks;

public sealed class EngineBenchmarkTests
{
    [Fact]
    public async Task Each_run_has_a_time_and_leaves_no_page_behind()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, ChunkTokens = 16, Path = ExecutionPath.Portable(VectorWidth.V128) });
        using var benchmark = new EngineBenchmark(engine);
        double[][] all =
        [
            await benchmark.PrefillAsync(40, 3),
            await benchmark.DecodeAsync(70, 4, 3),
            await benchmark.BranchesAsync(3, 2, 65, 4, 3),
            await benchmark.ReadBandwidthAsync(3),
            await benchmark.ComputePeakAsync(3),
        ];
        foreach (double[] runs in all)
        {
            runs.Length.ShouldBe(3);
            runs.ShouldAllBe(value => value > 0);
        }
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public void The_work_of_a_tied_model_counts_the_embedding_as_its_head()
    {
        using var engine = PuzzleModels.LoadPolicy();
        var config = engine.Model.Config;
        var work = MatrixWork.Of(engine.Model);
        work.HeadParameters.ShouldBe((long)config.Vocabulary * config.Width);
        work.BytesPerStep.ShouldBe(engine.MatrixBytes);
        work.Operations(3, 1).ShouldBe(6.0 * work.LayerParameters + 2.0 * work.HeadParameters);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_refused()
    {
        using var engine = PuzzleModels.LoadPolicy();
        using var benchmark = new EngineBenchmark(engine);
        await Should.ThrowAsync<ContextLengthException>(() => benchmark.PrefillAsync(engine.Context + 1, 1));
        await Should.ThrowAsync<ContextLengthException>(() => benchmark.DecodeAsync(engine.Context, 1, 1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => benchmark.PrefillAsync(1, 0));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => benchmark.BranchesAsync(0, 1, 0, 1, 1));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => benchmark.BranchesAsync(1, 0, 0, 1, 1));
        using var reward = Engine.Load(PuzzleModels.Reward, new EngineOptions { Threads = 2 });
        using var ofReward = new EngineBenchmark(reward);
        await Should.ThrowAsync<ModelFileException>(() => ofReward.PrefillAsync(1, 1));
    }

    [Fact]
    public void The_path_of_an_engine_is_the_one_that_was_asked_for()
    {
        foreach (string name in ExecutionPath.Names)
        {
            var path = ExecutionPath.Require("path", name);
            using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 1, Path = path });
            engine.Path.ShouldBe(path);
            using var exact = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 1, Path = path, Precision = Precision.Exact });
            exact.Path.ShouldBe(new ExecutionPath(InstructionSet.Portable, path.Width));
        }
        var absent = new ExecutionPath(InstructionSet.Portable, (VectorWidth)64);
        Should.Throw<ArgumentOutOfRangeException>(() => new EngineOptions { Path = absent }.Validated()).ParamName.ShouldBe("Path");
        Should.Throw<ArgumentOutOfRangeException>(() => new EngineOptions { Precision = (Precision)7 }.Validated()).ParamName.ShouldBe("Precision");
    }
}
