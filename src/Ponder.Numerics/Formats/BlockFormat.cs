namespace Ponder.Numerics.Formats;

/// <summary>A format whose blocks stand for themselves: runs the scalar code block by block.</summary>
internal abstract class BlockFormat : NumberFormat
{
    /// <summary>Decodes one block of <see cref="NumberFormat.BlockBytes"/> bytes.</summary>
    protected abstract void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values);

    /// <summary>Encodes one block of <see cref="NumberFormat.BlockSize"/> values.</summary>
    protected virtual void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block) => throw new NotSupportedException(Name);

    protected sealed override void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        int bytes = BlockBytes, size = BlockSize;
        for (; blocks.Length > 0; blocks = blocks[bytes..], values = values[size..])
            DecodeBlock(blocks[..bytes], values[..size]);
    }

    protected sealed override void EncodeScalar(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        int bytes = BlockBytes, size = BlockSize;
        for (; blocks.Length > 0; blocks = blocks[bytes..], values = values[size..])
            EncodeBlock(values[..size], blocks[..bytes]);
    }
}
