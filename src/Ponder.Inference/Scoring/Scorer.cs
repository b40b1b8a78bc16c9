using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Scoring;

/// <summary>Log-probabilities of continuations that share a prompt.</summary>
internal sealed class Scorer(Transformer transformer, KvPool pool, EngineOptions options)
{
    public double[][] Run(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> continuations, CancellationToken stop)
    {
        var scores = new double[continuations.Count][];
        var reader = new SequenceReader(transformer, pool, options);
        // A continuation's choice of LongRoPE factors is its own, not its neighbours'; those that agree share the prompt.
        foreach (var group in Enumerable.Range(0, scores.Length).GroupBy(i => reader.UsesLongRope(prompt.Count + continuations[i].Count)))
        {
            using var prefix = new KvSequence(pool);
            float[] last = [];
            reader.Run(prefix, prompt, group.Key, prompt.Count - 1, (_, logits) => last = logits.ToArray(), stop);
            foreach (int i in group)
                scores[i] = Score(reader, prefix, group.Key, last, continuations[i], stop);
        }
        return scores;
    }

    private static double[] Score(
        SequenceReader reader, KvSequence prefix, bool longRope, float[] last, IReadOnlyList<int> continuation, CancellationToken stop)
    {
        var score = new double[continuation.Count];
        score[0] = Sampler.LogProbability(last, continuation[0]);
        if (continuation.Count > 1)
        {
            using var branch = prefix.Fork();
            int[] fed = [.. continuation.SkipLast(1)];
            reader.Run(branch, fed, longRope, 0, (token, logits) => score[token + 1] = Sampler.LogProbability(logits, continuation[token + 1]), stop);
        }
        return score;
    }
}
