using Ponder.Inference.Branches;
using Ponder.Inference.Scheduling;
using Ponder.Inference.Scoring;

namespace Ponder.Inference.Embeddings;

/// <summary>Embeddings of texts, in one batch with whatever else runs.</summary>
internal sealed class Embedder(EngineLoop loop, BranchMaker create)
{
    public Task<float[][]> EmbedAsync(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken stop) => Together.RunAsync(texts, EmbedAsync, stop);

    private async Task<float[]> EmbedAsync(IReadOnlyList<int> text, CancellationToken stop)
    {
        var pooling = new Pooling(loop.Config, text.Count);
        using var branch = create(text, 0, 0, text.Count);
        var job = new ReadJob(branch, pooling.First, null) { States = pooling.Receive, Whole = branch.MustBeWhole };
        await loop.RunAsync(job, stop).ConfigureAwait(false);
        return RequestChecks.DemandFinite(pooling.Embedding(), "embedding");
    }
}
