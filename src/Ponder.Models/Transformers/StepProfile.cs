using System.Diagnostics;

namespace Ponder.Models.Transformers;

/// <summary>The parts of a forward pass that a <see cref="StepProfile"/> tells apart.</summary>
public enum StepPart
{
    /// <summary>The rows of the embedding, and the angles of the positions.</summary>
    Embedding,

    /// <summary>Norms around the blocks, the sums of the residual stream, and the final norm.</summary>
    NormAndResidual,

    /// <summary>The products that give queries, keys and values.</summary>
    QueryKeyValue,

    /// <summary>Norms of queries and keys, their rotation, and the way into the KV pages.</summary>
    RotateAndStore,

    /// <summary>Attention over the KV pages.</summary>
    Attention,

    /// <summary>The product after attention.</summary>
    AttentionOutput,

    /// <summary>The products of gate and up.</summary>
    GateUp,

    /// <summary>The non-linearity.</summary>
    Activation,

    /// <summary>The product down to the width of the model.</summary>
    Down,

    /// <summary>The output matrix.</summary>
    Head,

    /// <summary>The choice of the next tokens.</summary>
    Choice,
}

/// <summary>
/// Where the time of forward passes goes. <see cref="Transformer.Profile"/> holds one while a measurement runs; each part ends with a mark, and
/// its time is what passed since the mark before.
/// </summary>
public sealed class StepProfile
{
    private readonly long[] _ticks = new long[Enum.GetValues<StepPart>().Length];
    private long _last;

    /// <summary>Seconds of a part, of all passes together.</summary>
    public double Seconds(StepPart part) => (double)_ticks[(int)part] / Stopwatch.Frequency;

    /// <summary>Starts the clock of a pass.</summary>
    public void Begin() => _last = Stopwatch.GetTimestamp();

    /// <summary>Gives the time since the last mark to a part.</summary>
    public void Mark(StepPart part)
    {
        long now = Stopwatch.GetTimestamp();
        _ticks[(int)part] += now - _last;
        _last = now;
    }
}
