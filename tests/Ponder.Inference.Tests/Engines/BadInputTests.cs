using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Files;
using Ponder.Numerics;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Engines;

public sealed class BadInputTests : IDisposable
{
    private static readonly int[] Prompt = PuzzleModels.Prompts[0];
    private static readonly GenerationOptions Options = new();

    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    [Fact]
    public async Task A_prompt_over_the_context_is_refused_with_both_lengths()
    {
        int[] longPrompt = [.. Enumerable.Repeat(65, 257)];
        var errors = new List<ContextLengthException>
        {
            await Should.ThrowAsync<ContextLengthException>(Complete(longPrompt)),
            await Should.ThrowAsync<ContextLengthException>(() => _engine.EmbedAsync([Prompt, longPrompt])),
            await Should.ThrowAsync<ContextLengthException>(() => _engine.ReadOutputsAsync(longPrompt, (_, _) => { })),
            await Should.ThrowAsync<ContextLengthException>(() => _engine.ScoreAsync(longPrompt[..200], [Prompt, longPrompt[..57]])),
            await Should.ThrowAsync<ContextLengthException>(() => _engine.ScoreAsync(longPrompt, [])),
        };
        errors.ShouldAllBe(e => e.Length == 257 && e.Context == 256 && e.Message.Contains("257") && e.Message.Contains("256"));
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task An_empty_text_is_refused()
    {
        await Should.ThrowAsync<ArgumentException>(Complete([]));
        await Should.ThrowAsync<ArgumentException>(() => _engine.EmbedAsync([Prompt, []]));
        await Should.ThrowAsync<ArgumentException>(() => _engine.ReadOutputsAsync([], (_, _) => { }));
        (await Should.ThrowAsync<ArgumentException>(() => _engine.ScoreAsync([], [Prompt]))).Message.ShouldContain("The prompt is empty");
        (await Should.ThrowAsync<ArgumentException>(() => _engine.ScoreAsync(Prompt, [Prompt, []]))).Message.ShouldContain("The continuation is empty");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1379)]
    [InlineData(int.MaxValue)]
    [InlineData(int.MinValue)]
    public async Task An_id_outside_the_vocabulary_is_refused(int id)
    {
        int[] bad = [.. Prompt, id];
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(Complete(bad))).Message.ShouldContain("0 to 1378");
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _engine.EmbedAsync([bad]));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _engine.ScoreAsync(Prompt, [bad]));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _engine.ScoreAsync(bad, []));
        await Should.ThrowAsync<ArgumentOutOfRangeException>(() => _engine.ReadOutputsAsync(bad, (_, _) => { }));
    }

    public static TheoryData<GenerationOptions, string> InvalidOptions => new()
    {
        { Options with { MaxTokens = 0 }, "MaxTokens" },
        { Options with { MaxTokens = -5 }, "MaxTokens" },
        { Options with { Stop = ["a", ""] }, "Stop" },
        { Options with { Sampling = new SamplingOptions { Temperature = double.NaN } }, "Temperature" },
    };

    [Theory]
    [MemberData(nameof(InvalidOptions))]
    public async Task Options_out_of_range_name_the_field(GenerationOptions options, string field)
    {
        (await Should.ThrowAsync<ArgumentException>(Complete(Prompt, options))).ParamName.ShouldBe(field);
        (await Should.ThrowAsync<ArgumentException>(async () =>
        {
            await foreach (var token in _engine.GenerateAsync(Prompt, options))
                Assert.Fail("a token");
        })).ParamName.ShouldBe(field);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public async Task A_request_asks_for_at_least_one_answer_and_no_billion(int samples) =>
        (await Should.ThrowAsync<ArgumentOutOfRangeException>(_engine.CompleteAsync([new GenerationRequest(Prompt, samples, Options)]))).ParamName.ShouldBe("Samples");

    [Fact]
    public async Task A_bad_request_keeps_the_others_of_its_call_from_starting()
    {
        bool started = false;
        await Should.ThrowAsync<ArgumentException>(_engine.CompleteAsync(
            [new GenerationRequest(Prompt, 1, Options), new GenerationRequest([], 1, Options)], (_, _, _) => started = true));
        started.ShouldBeFalse();
    }

    [Fact]
    public async Task A_reward_model_gives_outputs_and_refuses_to_generate_and_to_score_text()
    {
        using var engine = Engine.Load(PuzzleModels.Reward, new EngineOptions { Threads = 2 });
        (await Should.ThrowAsync<ModelFileException>(engine.CompleteAsync([new GenerationRequest(Prompt, 1, Options)]))).Message.ShouldContain("TokenClasses");
        (await Should.ThrowAsync<ModelFileException>(() => engine.ScoreAsync(Prompt, [Prompt]))).Message.ShouldContain("TokenClasses");
        int tokens = 0;
        await engine.ReadOutputsAsync(Prompt, (i, outputs) =>
        {
            i.ShouldBe(tokens++);
            outputs.Length.ShouldBe(2);
        });
        tokens.ShouldBe(Prompt.Length);
    }

    [Theory]
    [InlineData(-1, 1, 1, 1L)]
    [InlineData(2000, 1, 1, 1L)]
    [InlineData(1, 0, 1, 1L)]
    [InlineData(1, 1, 0, 1L)]
    [InlineData(1, 1, 1, 0L)]
    public void Engine_options_out_of_range_are_refused(int threads, int chunk, int branches, long kv) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Engine.Load(
            PuzzleModels.Policy, new EngineOptions { Threads = threads, ChunkTokens = chunk, MaxBranches = branches, KvMemoryBytes = kv }));

    [Fact]
    public void An_unknown_kv_format_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new EngineOptions { KvFormat = (KvFormat)4 }.Validated()).ParamName.ShouldBe("KvFormat");

    [Fact]
    public void A_model_larger_than_memory_is_refused_with_both_sizes()
    {
        var error = Should.Throw<ModelFileException>(() => MemoryCheck.Demand("big.gguf", 70L << 30, 16L << 30));
        error.Message.ShouldContain("big.gguf");
        error.Message.ShouldContain("70.0 GiB");
        error.Message.ShouldContain("16.0 GiB");
        Should.NotThrow(() => MemoryCheck.Demand("fits.gguf", 16L << 30, 16L << 30));
        MemoryCheck.Available.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_model_that_does_not_load_leaves_no_threads_behind()
    {
        string folder = Directory.CreateTempSubdirectory("ponder-").FullName;
        try
        {
            foreach (string file in Directory.GetFiles(PuzzleModels.Policy))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            string config = Path.Combine(folder, "config.json");
            File.WriteAllText(config, File.ReadAllText(config).Replace("\"num_hidden_layers\": 6", "\"num_hidden_layers\": 7", StringComparison.Ordinal));
            Threads("Load").ShouldBe(0);
            Should.Throw<PonderException>(() => Engine.Load(folder, new EngineOptions { Threads = 900 })).Message.ShouldContain("model.layers.6");
            Threads("after").ShouldBe(0);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        // A pool of 900 threads would stand out among those of the tests beside this one.
        static int Threads(string _)
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return process.Threads.Count / 800;
        }
    }

    public void Dispose() => _engine.Dispose();

    private Task Complete(int[] prompt, GenerationOptions? options = null) => _engine.CompleteAsync([new GenerationRequest(prompt, 1, options ?? Options)]);
}
