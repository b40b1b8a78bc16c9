using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Engines;

/// <summary>The garbage collector may move and free whatever it owns while kernels run: they hold native memory only.</summary>
public sealed class CollectionTests
{
    [Fact]
    public async Task Forced_collections_while_kernels_run_change_nothing()
    {
        using var engine = PuzzleModels.LoadPolicy();
        GenerationRequest[] requests =
        [
            .. PuzzleModels.Prompts.Select((prompt, i) => new GenerationRequest(
                prompt, 2, new GenerationOptions { Sampling = new SamplingOptions { Seed = (ulong)i }, MaxTokens = 60, LogProbabilities = true })),
        ];
        var undisturbed = await engine.CompleteAsync(requests);

        using var stop = new CancellationTokenSource();
        int collections = 0;
        var collecting = Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                    GC.WaitForPendingFinalizers();
                    collections++;
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        IReadOnlyList<IReadOnlyList<Completion>> disturbed;
        try
        {
            disturbed = await engine.CompleteAsync(requests);
        }
        finally
        {
            await stop.CancelAsync();
            await collecting;
        }
        collections.ShouldBeGreaterThan(3);
        for (int i = 0; i < requests.Length; i++)
        {
            for (int sample = 0; sample < 2; sample++)
            {
                disturbed[i][sample].Ids.ShouldBe(undisturbed[i][sample].Ids);
                disturbed[i][sample].LogProbabilities.ShouldBe(undisturbed[i][sample].LogProbabilities);
            }
        }
    }
}
