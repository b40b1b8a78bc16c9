using Ponder.Inference.Kv;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Scoring;

/// <summary>Receives the outputs of a token.</summary>
/// <param name="index">The token's number in its text.</param>
/// <param name="outputs">[outputs]; valid during the call.</param>
public delegate void OutputReader(int index, ReadOnlySpan<float> outputs);

/// <summary>
/// Runs one text and hands out the outputs of its tokens, a chunk at a time, so that logits of a long text never lie in memory at once.
/// </summary>
internal sealed class SequenceReader(Transformer transformer, KvPool pool, EngineOptions options)
{
    private const int MaxOutputBytes = 16 << 20;

    private readonly Batch _batch = new();

    /// <summary>Runs a text of its own.</summary>
    /// <param name="tokens">The text.</param>
    /// <param name="firstOutput">The first token whose outputs are read.</param>
    /// <param name="read">Called for every token from there on.</param>
    /// <param name="stop">Stops between chunks.</param>
    public void Run(IReadOnlyList<int> tokens, int firstOutput, OutputReader read, CancellationToken stop)
    {
        using var sequence = new KvSequence(pool);
        Run(sequence, tokens, UsesLongRope(tokens.Count), firstOutput, read, stop);
    }

    /// <summary>Continues a sequence; token numbers count from the start of <paramref name="tokens"/>.</summary>
    public void Run(KvSequence sequence, IReadOnlyList<int> tokens, bool longRope, int firstOutput, OutputReader read, CancellationToken stop)
    {
        int[] ids = [.. tokens];
        int outputs = transformer.Config.Outputs;
        bool causal = transformer.Config.Architecture.Causal;
        int outputChunk = Math.Clamp(MaxOutputBytes / (outputs * sizeof(float)), 1, options.ChunkTokens);
        float[] buffer = [];
        for (int done = 0; done < ids.Length;)
        {
            stop.ThrowIfCancellationRequested();
            bool silent = causal && done < firstOutput;
            int chunk = !causal ? ids.Length : silent ? Math.Min(options.ChunkTokens, firstOutput - done) : Math.Min(outputChunk, ids.Length - done);
            int position = sequence.Length;
            sequence.Extend(chunk);
            _batch.Clear();
            _batch.Add(ids.AsSpan(done, chunk), position, sequence.Pages, longRope, silent ? OutputRows.None : OutputRows.All);
            if (!silent && buffer.Length < chunk * outputs)
                buffer = new float[chunk * outputs];
            transformer.Forward(_batch, silent ? [] : buffer);
            for (int i = 0; !silent && i < chunk; i++)
            {
                if (done + i >= firstOutput)
                    read(done + i, buffer.AsSpan(i * outputs, outputs));
            }
            done += chunk;
        }
    }

    /// <summary>The choice of LongRoPE factors for a text of this length.</summary>
    public bool UsesLongRope(int length) => transformer.Config.UsesLongRope(length);
}
