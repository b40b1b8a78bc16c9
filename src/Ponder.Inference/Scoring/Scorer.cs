using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Scoring;

/// <summary>Log-probabilities of continuations that share a prompt.</summary>
internal sealed class Scorer(Transformer transformer, KvPool pool, EngineOptions options)
{
    public double[][] Run(IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> continuations, CancellationToken stop)
    {
        var reader = new SequenceReader(transformer, pool, options);
        using var prefix = new KvSequence(pool);
        bool longRope = reader.UsesLongRope(prompt.Count + continuations.Select(c => c.Count).DefaultIfEmpty(0).Max());
        float[] last = [];
        reader.Run(prefix, prompt, longRope, prompt.Count - 1, (_, logits) => last = logits.ToArray(), stop);
        var scores = new double[continuations.Count][];
        for (int i = 0; i < scores.Length; i++)
        {
            var continuation = continuations[i];
            double[] score = scores[i] = new double[continuation.Count];
            score[0] = Sampler.LogProbability(last, continuation[0]);
            if (continuation.Count == 1)
                continue;
            using var branch = prefix.Fork();
            reader.Run(branch, [.. continuation.SkipLast(1)], longRope, 0, (token, logits) => score[token + 1] = Sampler.LogProbability(logits, continuation[token + 1]), stop);
        }
        return scores;
    }
}
