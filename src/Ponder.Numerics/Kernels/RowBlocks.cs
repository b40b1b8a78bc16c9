namespace Ponder.Numerics.Kernels;

/// <summary>
/// A row of logits is looked at in blocks of a fixed size: what is known of a block (its largest value, its sum) tells whether to look inside.
/// </summary>
public static class RowBlocks
{
    /// <summary>Values of a block; the last one of a row may hold fewer.</summary>
    public const int Size = 128;

    /// <summary>Blocks of a row.</summary>
    /// <param name="length">Values of the row, at least 0.</param>
    public static int Count(int length) => (int)(((long)length + Size - 1) / Size);
}
