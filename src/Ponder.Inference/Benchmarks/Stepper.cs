using System.Numerics.Tensors;
using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Memory;

namespace Ponder.Inference.Benchmarks;

/// <summary>Steps a model as the engine does, without anything around it: forward pass, then the most likely token of each row.</summary>
internal sealed class Stepper(Transformer transformer, int chunkTokens, bool longRope, CancellationToken stop) : IDisposable
{
    private readonly Batch _batch = new();
    private readonly int[] _one = new int[1];
    private NativeBuffer<float> _logits = new(0);

    /// <summary>Gets the time of each part of the steps to come, or null.</summary>
    public StepProfile? Profile
    {
        get => transformer.Profile;
        set => transformer.Profile = value;
    }

    /// <summary>Computes tokens of a sequence, a chunk in a step.</summary>
    /// <returns>The most likely token after them.</returns>
    public int Fill(KvSequence sequence, ReadOnlySpan<int> tokens)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var chunk = tokens[..Math.Min(tokens.Length, chunkTokens)];
            tokens = tokens[chunk.Length..];
            _batch.Clear();
            Add(sequence, chunk, tokens.IsEmpty ? OutputRows.Last : OutputRows.None);
            Forward();
            if (!tokens.IsEmpty)
                continue;
            int next = MostLikely(0);
            Profile?.Mark(StepPart.Choice);
            return next;
        }
    }

    /// <summary>Computes one token of every branch in one step.</summary>
    /// <param name="branches">B branches, each with pages of its own.</param>
    /// <param name="tokens">[B]: what to compute; receives the most likely next ones.</param>
    public void Step(ReadOnlySpan<KvSequence> branches, Span<int> tokens)
    {
        stop.ThrowIfCancellationRequested();
        _batch.Clear();
        for (int i = 0; i < branches.Length; i++)
        {
            _one[0] = tokens[i];
            Add(branches[i], _one, OutputRows.Last);
        }
        Forward();
        for (int i = 0; i < branches.Length; i++)
            tokens[i] = MostLikely(i);
        Profile?.Mark(StepPart.Choice);
    }

    public void Dispose() => _logits.Dispose();

    private void Add(KvSequence sequence, ReadOnlySpan<int> tokens, OutputRows outputs)
    {
        int position = sequence.Length;
        sequence.Extend(tokens.Length);
        _batch.Add(tokens, position, sequence.Pages, longRope, outputs);
    }

    private void Forward()
    {
        long needed = (long)_batch.OutputRows.Length * transformer.Config.Outputs;
        if (_logits.Length < needed)
        {
            _logits.Dispose();
            _logits = new NativeBuffer<float>(needed);
        }
        transformer.Forward(_batch, _logits.Span);
    }

    private int MostLikely(int row) =>
        TensorPrimitives.IndexOfMax(_logits.Span.Slice(row * transformer.Config.Outputs, transformer.Config.Outputs));
}
