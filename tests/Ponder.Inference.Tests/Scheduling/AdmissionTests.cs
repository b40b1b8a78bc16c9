using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
using Ponder.Inference.Scheduling;

namespace Ponder.Inference.Tests.Scheduling;

/// <summary>What an engine refuses, it refuses before it computes anything.</summary>
public sealed class AdmissionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly int[] Prompt = PuzzleModels.Prompts[0];

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 2)]
    [InlineData(3, 1)]
    public async Task More_than_may_wait_are_refused(int places, int waiting)
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = places, MaxWaiting = waiting });
        var pause = await Pause.BeginAsync(engine);             // it has one place
        Task[] accepted = [.. Enumerable.Range(0, places - 1 + waiting).Select(_ => RunAsync(engine, 1))];
        accepted.ShouldAllBe(task => !task.IsFaulted);
        (await Should.ThrowAsync<EngineBusyException>(RunAsync(engine, 1))).Message.ShouldContain($"{waiting} branches");
        await Should.ThrowAsync<EngineBusyException>(async () =>
        {
            await foreach (var token in engine.GenerateAsync(Prompt, Options))
                Assert.Fail("a token");
        });
        await pause.EndAsync();
        await Task.WhenAll(accepted).WaitAsync(Patience);
        await RunAsync(engine, 1).WaitAsync(Patience);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_that_was_taken_on_comes_to_its_end_however_little_may_wait()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = 4, MaxWaiting = 0 });
        (await engine.CompleteAsync([new GenerationRequest(Prompt, 40, Options)]).WaitAsync(Patience))[0].Count.ShouldBe(40);
        Task[] others = [.. Enumerable.Range(0, 4).Select(_ => RunAsync(engine, 20))];
        await Task.WhenAll(others.Select(other => Task.WhenAny(other))).WaitAsync(Patience);
        others.ShouldContain(other => other.IsCompletedSuccessfully);
        others.ShouldAllBe(other => other.IsCompletedSuccessfully || other.Exception!.InnerException is EngineBusyException);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_text_that_the_memory_does_not_hold_is_refused_at_once()
    {
        const long page = PuzzleModels.PageBytes;
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = 4 * page });
        await Should.ThrowAsync<KvMemoryException>(engine.CompleteAsync([new GenerationRequest(Prompt, 1, Options with { MaxTokens = 100 })]));
        await Should.ThrowAsync<KvMemoryException>(engine.ReadOutputsAsync([.. Enumerable.Repeat(65, 100)], (_, _) => { }));
        using var branch = engine.CreateBranch(Prompt);
        await Should.ThrowAsync<KvMemoryException>(() => branch.ExtendAsync(Options with { MaxTokens = 100 }));
        engine.Statistics.Steps.ShouldBe(0);
        (await branch.ExtendAsync(Options).WaitAsync(Patience)).Ids.Count.ShouldBe(Options.MaxTokens!.Value);
    }

    [Fact]
    public async Task Branches_that_rest_make_room_for_those_that_run()
    {
        const long page = PuzzleModels.PageBytes;
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = 40 * page, CachePrefixes = false });
        var resting = new List<Branch>();
        for (int i = 0; i < 13; i++)
        {
            resting.Add(engine.CreateBranch([60 + i, .. Enumerable.Repeat(65, 40)]));
            await resting[i].OutputsAsync().WaitAsync(Patience);
        }
        engine.KvPagesInUse.ShouldBe(39);
        var pause = await Pause.BeginAsync(engine);
        int most = 0;
        var work = engine.CompleteAsync(
            [new GenerationRequest(Prompt, 1, Options), new GenerationRequest(Prompt, 1, Options), new GenerationRequest(Prompt, 1, Options)],
            (_, _, _) => most = Math.Max(most, engine.Statistics.Running));
        await pause.EndAsync();
        await work.WaitAsync(Patience);
        most.ShouldBe(3);
        foreach (var branch in resting)
            branch.Dispose();
        engine.KvPagesInUse.ShouldBe(0);
    }

    private static GenerationOptions Options { get; } = new() { MaxTokens = 12, IgnoreEnd = true };

    private static async Task RunAsync(Engine engine, int samples) => await engine.CompleteAsync([new GenerationRequest(Prompt, samples, Options)]);
}
