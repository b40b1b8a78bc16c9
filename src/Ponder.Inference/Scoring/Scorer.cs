using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;
using Ponder.Models.Configuration;

namespace Ponder.Inference.Scoring;

/// <summary>What a model says about given texts; what they share is computed once.</summary>
internal sealed class Scorer(EngineLoop loop, BranchMaker create)
{
    private readonly ModelConfig _config = loop.Config;

    /// <summary>The log-probabilities of continuations of one prompt.</summary>
    public async Task<double[][]> ScoreAsync(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> continuations, CancellationToken stop)
    {
        var scores = new double[continuations.Count][];
        // A continuation's choice of LongRoPE factors is its own, not its neighbours'; those that agree share the prompt.
        foreach (var group in Enumerable.Range(0, scores.Length).GroupBy(i => _config.UsesLongRope(prompt.Count + continuations[i].Count)))
        {
            using var root = create(prompt, 0, 0, prompt.Count + group.Max(i => continuations[i].Count));
            float[] last = [.. await root.OutputsAsync(stop).ConfigureAwait(false)];
            int[] members = [.. group];
            var found = await Together.RunAsync(members, (i, token) => ScoreAsync(root, last, continuations[i], token), stop).ConfigureAwait(false);
            for (int i = 0; i < members.Length; i++)
                scores[members[i]] = found[i];
        }
        return scores;
    }

    private async Task<double[]> ScoreAsync(Branch root, float[] last, IReadOnlyList<int> continuation, CancellationToken stop)
    {
        var score = new double[continuation.Count];
        score[0] = Sampler.LogProbability(last, continuation[0]);
        if (continuation.Count > 1)
        {
            using var branch = root.Fork();
            branch.Append([.. continuation.SkipLast(1)]);
            var job = new ReadJob(
                branch, root.Length, (position, logits) => score[position - root.Length + 1] = Sampler.LogProbability(logits, continuation[position - root.Length + 1]));
            await loop.RunAsync(job, stop).ConfigureAwait(false);
        }
        return RequestChecks.DemandFinite(score, "log-probability");
    }

    /// <summary>The outputs of the last token of texts.</summary>
    public async Task<float[][]> LastOutputsAsync(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken stop)
    {
        if (texts.Count == 0)
            return [];
        int shared = !_config.Architecture.Causal || texts.Count == 1 || _config.UsesLongRope(_config.Context) ? 0 : SharedBeginning(texts);
        using var root = shared == 0 ? null : create([.. texts[0].Take(shared)], 0, 0, _config.Context);
        return await Together.RunAsync(texts, LastAsync, stop).ConfigureAwait(false);

        async Task<float[]> LastAsync(IReadOnlyList<int> text, CancellationToken token)
        {
            using var branch = root?.Fork() ?? create(text, 0, 0, text.Count);
            if (text.Count > branch.Length)
                branch.Append([.. text.Skip(shared)]);
            return RequestChecks.DemandFinite<float>([.. await branch.OutputsAsync(token).ConfigureAwait(false)], "output");
        }
    }

    private static int SharedBeginning(IReadOnlyList<IReadOnlyList<int>> texts)
    {
        int shared = texts.Min(text => text.Count);
        for (int i = 0; i < shared; i++)
        {
            if (texts.Any(text => text[i] != texts[0][i]))
                return i;
        }
        return shared;
    }
}
