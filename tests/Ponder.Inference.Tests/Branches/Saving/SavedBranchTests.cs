using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Branches.Saving;

public sealed class SavedBranchTests : IDisposable
{
    private const long PageBytes = PuzzleModels.PageBytes;

    private static readonly int[] Prompt = [.. Enumerable.Repeat(PuzzleModels.Prompts[0], 8).SelectMany(ids => ids).Take(70)];
    private static readonly GenerationOptions Drawn = new() { Sampling = new SamplingOptions { Seed = 5 }, MaxTokens = 9, IgnoreEnd = true };
    private static readonly GenerationOptions Greedy = Drawn with { Sampling = SamplingOptions.Greedy };

    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-saved-").FullName;
    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    private string File => Path.Combine(_folder, "branch.bin");

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData(KvFormat.F16)]
    [InlineData(KvFormat.Int8)]
    [InlineData(KvFormat.F32)]
    public async Task A_branch_goes_on_elsewhere_as_where_it_was_saved_and_computes_nothing_again(KvFormat format)
    {
        var options = new EngineOptions { Threads = 2, KvFormat = format };
        using var first = PuzzleModels.LoadPolicy(options);
        using var branch = first.CreateBranch(Prompt, new BranchOptions { Key = 77, Priority = -2 });
        await branch.ExtendAsync(Drawn with { LogProbabilities = true });
        await branch.SaveAsync(File);

        using var second = PuzzleModels.LoadPolicy(options with { Threads = 1 });
        using var restored = await second.RestoreBranchAsync(File);
        restored.Key.ShouldBe(branch.Key);
        restored.Group.Priority.ShouldBe(-2);
        restored.Tokens().ShouldBe(branch.Tokens());
        restored.Usage.KvTokens.ShouldBe(branch.Usage.KvTokens);
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await branch.ExtendAsync(Drawn)).Ids);
        (await restored.ExtendAsync(Greedy)).Ids.ShouldBe((await branch.ExtendAsync(Greedy)).Ids);
        second.Statistics.Rows.ShouldBe(18);                    // the token that was drawn last, and those drawn here but for the last
        second.Statistics.PromptTokens.ShouldBe(0);
        second.Statistics.RecomputedTokens.ShouldBe(0);
        restored.Dispose();
        second.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Forks_of_a_restored_branch_draw_what_those_of_the_original_draw()
    {
        using var branch = _engine.CreateBranch(Prompt);
        await branch.ExtendAsync(Drawn);
        branch.Fork().Dispose();                                // the next one has the second name
        await branch.SaveAsync(File);
        using var restored = await _engine.RestoreBranchAsync(File);
        for (int i = 0; i < 3; i++)
        {
            using Branch a = branch.Fork(), b = restored.Fork();
            b.Key.ShouldBe(a.Key);
            (await b.ExtendAsync(Drawn)).Ids.ShouldBe((await a.ExtendAsync(Drawn)).Ids);
        }
        restored.RollBack(Prompt.Length + 2);
        branch.RollBack(Prompt.Length + 2);
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await branch.ExtendAsync(Drawn)).Ids);
    }

    [Fact]
    public async Task Outputs_and_the_state_of_sampling_are_saved_too()
    {
        var mirostat = Drawn with { Sampling = new SamplingOptions { Seed = 9, MirostatTau = 3 } };
        using var branch = _engine.CreateBranch(Prompt);
        await branch.ExtendAsync(mirostat);
        var outputs = await branch.OutputsAsync();
        await branch.SaveAsync(File);
        using var second = PuzzleModels.LoadPolicy();
        using var restored = await second.RestoreBranchAsync(File);
        (await restored.OutputsAsync()).ShouldBe(outputs);
        second.Statistics.Rows.ShouldBe(0);
        restored.Sampling.ShouldNotBeNull().ShouldBe(branch.Sampling!.Value);
        (await restored.ExtendAsync(mirostat)).Ids.ShouldBe((await branch.ExtendAsync(mirostat)).Ids);
    }

    [Fact]
    public async Task A_branch_that_was_never_computed_is_saved_without_pages()
    {
        using var branch = _engine.CreateBranch(Prompt);
        await branch.SaveAsync(File);
        new FileInfo(File).Length.ShouldBeLessThan(Prompt.Length * 33 + 1000);
        using var restored = await _engine.RestoreBranchAsync(File);
        _engine.KvPagesInUse.ShouldBe(0);
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await branch.ExtendAsync(Drawn)).Ids);
        restored.Usage.PromptTokens.ShouldBe(Prompt.Length);
    }

    [Fact]
    public async Task A_branch_whose_memory_was_taken_is_computed_again_when_it_goes_on()
    {
        using var small = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = 7 * PageBytes, CachePrefixes = false });
        using Branch branch = small.CreateBranch(Prompt), other = small.CreateBranch(Prompt, new BranchOptions { Key = 3 });
        await branch.ExtendAsync(Drawn);
        await other.ExtendAsync(Drawn);
        branch.Kv.ShouldBeNull();
        await branch.SaveAsync(File);
        using var restored = await _engine.RestoreBranchAsync(File);
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await branch.ExtendAsync(Drawn)).Ids);
        restored.Usage.RecomputedTokens.ShouldBe(Prompt.Length + 8);
        restored.Usage.PromptTokens.ShouldBe(0);
    }

    [Fact]
    public async Task A_branch_that_shares_a_beginning_which_is_still_to_be_computed_is_saved_with_what_there_is()
    {
        using var root = _engine.CreateBranch(Prompt);
        using var fork = root.Fork();
        fork.Append([Prompt[1], Prompt[2]]);
        await fork.SaveAsync(File);                             // nothing is computed yet
        using var early = await _engine.RestoreBranchAsync(File);
        early.Kv.ShouldBeNull();

        await root.ExtendAsync(Drawn);
        fork.Kv.ShouldBeNull();                                 // it has not taken its beginning over
        await fork.SaveAsync(File);
        using var second = PuzzleModels.LoadPolicy();
        using var late = await second.RestoreBranchAsync(File);
        late.Kv!.Length.ShouldBe(Prompt.Length);
        int[] expected = [.. (await fork.ExtendAsync(Drawn)).Ids];
        (await early.ExtendAsync(Drawn)).Ids.ShouldBe(expected);
        (await late.ExtendAsync(Drawn)).Ids.ShouldBe(expected);
        second.Statistics.PromptTokens.ShouldBe(2);
    }

    [Fact]
    public async Task A_beginning_that_is_being_computed_is_saved_as_far_as_it_is()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, ChunkTokens = 1 });
        using var root = engine.CreateBranch([.. Enumerable.Repeat(Prompt, 3).SelectMany(ids => ids)]);
        using var fork = root.Fork();
        var running = root.ExtendAsync(Drawn);
        while (fork.Stem!.Trunk.Kv is null)
            await Task.Yield();
        await fork.SaveAsync(File);
        using var restored = await engine.RestoreBranchAsync(File);
        await running;
        (await restored.ExtendAsync(Drawn)).Ids.ShouldBe((await fork.ExtendAsync(Drawn)).Ids);
    }

    [Fact]
    public async Task A_reward_models_branch_is_saved_too()
    {
        using var reward = Engine.Load(PuzzleModels.Reward, new EngineOptions { Threads = 2 });
        using var branch = reward.CreateBranch(Prompt);
        await branch.OutputsAsync();
        await branch.SaveAsync(File);
        using var restored = await reward.RestoreBranchAsync(File);
        branch.Append([Prompt[1]]);
        restored.Append([Prompt[1]]);
        (await restored.OutputsAsync()).ShouldBe(await branch.OutputsAsync());
        restored.Usage.PromptTokens.ShouldBe(1);
        (await Should.ThrowAsync<SavedBranchException>(_engine.RestoreBranchAsync(File))).Message.ShouldContain("another model");
    }

    [Fact]
    public async Task Engines_that_compute_in_another_way_say_so()
    {
        using var branch = _engine.CreateBranch(Prompt);
        await branch.OutputsAsync();
        await branch.SaveAsync(File);
        await RefusesAsync(new EngineOptions { KvFormat = KvFormat.BF16 }, "another KV format: f16, where this engine has bf16");
        await RefusesAsync(new EngineOptions { Precision = Precision.Exact, KvFormat = KvFormat.F16 }, "another precision: Fast");
        await RefusesAsync(new EngineOptions { Path = ExecutionPath.Portable(VectorWidth.Scalar) }, "another ");

        async Task RefusesAsync(EngineOptions options, string message)
        {
            using var other = PuzzleModels.LoadPolicy(options with { Threads = 1 });
            (await Should.ThrowAsync<SavedBranchException>(other.RestoreBranchAsync(File))).Message.ShouldContain(message);
        }
    }

    [Fact]
    public async Task Restoring_takes_the_memory_of_branches_that_rest_but_not_of_those_that_run()
    {
        using var branch = _engine.CreateBranch(Prompt);
        await branch.ExtendAsync(Drawn);
        await branch.SaveAsync(File);
        using var small = PuzzleModels.LoadPolicy(
            new EngineOptions { Threads = 2, KvMemoryBytes = 5 * PageBytes, CachePrefixes = false, StreamTokens = 1 });
        using var resting = small.CreateBranch(Prompt);
        await resting.OutputsAsync();
        using (await small.RestoreBranchAsync(File))
            resting.Kv.ShouldBeNull();
        Task<Branch>? restored = null;
        await small.CompleteAsync(
            [new GenerationRequest(PuzzleModels.Prompts[0], 1, new GenerationOptions { IgnoreEnd = true, MaxTokens = 50 })],
            (_, _, _) =>
            {
                restored ??= small.RestoreBranchAsync(File);
                if (!restored.IsCompleted)
                    Thread.Sleep(10);                           // the text is still running when the file has been read
            });
        (await Should.ThrowAsync<KvMemoryException>(restored!)).Message.ShouldContain("78 computed tokens");
        small.KvPagesInUse.ShouldBe(0);
        using var smaller = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = 4 * PageBytes });
        await Should.ThrowAsync<KvMemoryException>(smaller.RestoreBranchAsync(File));
        smaller.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_busy_branch_a_dropped_one_and_a_closed_engine_refuse()
    {
        var branch = _engine.CreateBranch(Prompt);
        var running = branch.ExtendAsync(new GenerationOptions { IgnoreEnd = true });
        await Should.ThrowAsync<InvalidOperationException>(branch.SaveAsync(File));
        branch.Dispose();
        await Should.ThrowAsync<OperationCanceledException>(running);
        await Should.ThrowAsync<ObjectDisposedException>(branch.SaveAsync(File));
        using var kept = _engine.CreateBranch(Prompt);
        await kept.SaveAsync(File);
        _engine.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(async () => await kept.SaveAsync(File));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await _engine.RestoreBranchAsync(File));
    }

    [Fact]
    public async Task An_engine_that_closes_amid_a_save_ends_it_or_lets_it_end()
    {
        for (int i = 0; i < 8; i++)
        {
            var engine = PuzzleModels.LoadPolicy();
            var branch = engine.CreateBranch(Prompt);
            var save = branch.SaveAsync(File);
            if (i % 2 == 1)
                await Task.Delay(i / 2);                        // its weights are being read, perhaps
            engine.Dispose();
            try
            {
                await save;
            }
            catch (ObjectDisposedException)
            {
                continue;
            }
            (await _engine.RestoreBranchAsync(File)).TokenIds().ShouldBe(Prompt);
        }
    }

    [Fact]
    public async Task A_save_that_fails_leaves_the_file_as_it_was()
    {
        using var branch = _engine.CreateBranch(Prompt);
        await branch.SaveAsync(File);
        byte[] before = await System.IO.File.ReadAllBytesAsync(File);
        await branch.OutputsAsync();
        await Should.ThrowAsync<OperationCanceledException>(branch.SaveAsync(File, new CancellationToken(true)));
        (await Should.ThrowAsync<SavedBranchException>(branch.SaveAsync(Path.Combine(_folder, "absent", "branch.bin")))).Message.ShouldContain("cannot be written");
        string folder = Directory.CreateDirectory(Path.Combine(_folder, "folder")).FullName;
        await Should.ThrowAsync<SavedBranchException>(branch.SaveAsync(folder));
        (await System.IO.File.ReadAllBytesAsync(File)).ShouldBe(before);
        Directory.GetFileSystemEntries(_folder).Order().ShouldBe([File, folder]);
    }
}
