using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;

namespace Ponder.Models.Transformers;

/// <summary>The activations of a forward pass, kept from step to step and grown when a batch is larger than any before.</summary>
internal sealed unsafe class Workspace(ModelConfig config, KvFormat kvFormat, PackedMatMul? packed) : IDisposable
{
    private NativeBuffer<float> _memory = new(0);
    private NativeBuffer<byte> _prepared = new(0);
    private int _capacity;

    public KvLayout KvLayout { get; } = KvLayout.Of(config, kvFormat);

    public AttentionPlan AttentionPlan { get; } = new();

    public float* X { get; private set; }           // [T, d] the residual stream
    public float* H { get; private set; }           // [T, d] normalised input of a block, and its output
    public float* Q { get; private set; }           // [T, heads * headSize]
    public float* K { get; private set; }           // [T, kvHeads * headSize]
    public float* V { get; private set; }           // [T, kvHeads * headSize]
    public float* Attended { get; private set; }    // [T, heads * headSize]
    public float* Gate { get; private set; }        // [T, feedForward]
    public float* Up { get; private set; }          // [T, feedForward]

    public byte* Prepared { get; private set; }     // [T, of the widest input] input of a linear layer as repacked weights want it

    public void Reserve(int rows)
    {
        if (rows > _capacity)
            Grow(rows);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _prepared.Dispose();
        AttentionPlan.Dispose();
    }

    // Apart from Reserve: what its functions capture would be allocated in every step.
    private void Grow(int rows)
    {
        _capacity = 0;                                          // until there is memory for the larger one
        int q = config.Heads * config.HeadSize, kv = config.KvHeads * config.HeadSize;
        long[] columns = [config.Width, config.Width, q, kv, kv, q, config.FeedForwardWidth, config.FeedForwardWidth];
        _memory.Dispose();
        _memory = new NativeBuffer<float>(columns.Sum(c => Aligned(c * rows)));
        float* next = _memory.Pointer;
        float* Take(long width)
        {
            float* part = next;
            next += Aligned(width * rows);
            return part;
        }
        X = Take(config.Width);
        H = Take(config.Width);
        Q = Take(q);
        K = Take(kv);
        V = Take(kv);
        Attended = Take(q);
        Gate = Take(config.FeedForwardWidth);
        Up = Take(config.FeedForwardWidth);
        ReservePrepared(rows);
        _capacity = rows;
    }

    private void ReservePrepared(int rows)
    {
        if (packed is null)
            return;
        int widest = Math.Max(Math.Max(config.Width, config.Heads * config.HeadSize), config.FeedForwardWidth);
        _prepared.Dispose();
        _prepared = new NativeBuffer<byte>((long)rows * packed.RowsOfOne(fine: true) * packed.RowBytes((widest + 31) / 32 * 32));
        Prepared = _prepared.Pointer;
    }

    private static long Aligned(long floats) => (floats + 15) / 16 * 16;
}
