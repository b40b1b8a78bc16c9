using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// A way to store numbers in blocks of bytes: layout, decoding to float32, encoding from float32.
/// A format is one file; <see cref="NumberFormats"/> is the one table of them, and nothing else in the code base switches on a format.
/// </summary>
public abstract class NumberFormat
{
    /// <summary>The name as users write it: <c>F32</c>, <c>Q4_K</c>, <c>IQ2_XXS</c> …</summary>
    public abstract string Name { get; }

    /// <summary>The type id in a GGUF tensor table, or null where GGUF has no such type.</summary>
    public abstract int? GgufType { get; }

    /// <summary>The dtype in a safetensors header, or null where safetensors has no such type.</summary>
    public virtual string? SafetensorsType => null;

    /// <summary>Values in a block (1 for plain numbers). A row of a matrix holds whole blocks.</summary>
    public abstract int BlockSize { get; }

    /// <summary>Bytes of a block.</summary>
    public abstract int BlockBytes { get; }

    /// <summary>True for float and quantized types; false for integers, which hold indices rather than weights.</summary>
    public virtual bool IsWeight => true;

    /// <summary>True for plain float32, which kernels read in place.</summary>
    internal virtual bool IsFloat32 => false;

    /// <summary>True when <see cref="Encode"/> works.</summary>
    public virtual bool CanEncode => false;

    /// <summary>The bytes of <paramref name="values"/> values; a multiple of <see cref="BlockSize"/> is expected.</summary>
    /// <exception cref="OverflowException">The size does not fit 64 bits.</exception>
    public long BytesOf(long values) => checked(values / BlockSize * BlockBytes);

    /// <summary>Decodes whole blocks to float32 with plain scalar code: the reference for <see cref="DecodeVector"/>.</summary>
    /// <param name="blocks">Whole blocks, <c>n *</c> <see cref="BlockBytes"/> bytes.</param>
    /// <param name="values">Receives <c>n *</c> <see cref="BlockSize"/> values.</param>
    /// <exception cref="ArgumentException">The two lengths do not fit each other.</exception>
    public void Decode(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        CheckLengths(blocks.Length, values.Length);
        DecodeScalar(blocks, values);
    }

    /// <summary>Decodes whole blocks with vectors of the given width; gives the very bits that <see cref="Decode"/> gives.</summary>
    /// <inheritdoc cref="Decode"/>
    public unsafe void DecodeVector(VectorWidth width, ReadOnlySpan<byte> blocks, Span<float> values)
    {
        CheckLengths(blocks.Length, values.Length);
        fixed (byte* source = blocks)
        fixed (float* target = values)
            DecodeBlocks(width, source, target, values.Length / BlockSize);
    }

    /// <summary>Encodes float32 values; the result is what the format's reference encoder gives, byte for byte, where there is one.</summary>
    /// <remarks>
    /// Block formats hold finite numbers: a NaN or an infinity spoils its whole block, and so does a scale beyond float16 (65504).
    /// </remarks>
    /// <param name="values">A multiple of <see cref="BlockSize"/> values.</param>
    /// <param name="blocks">Receives the blocks.</param>
    /// <exception cref="NotSupportedException"><see cref="CanEncode"/> is false.</exception>
    /// <exception cref="ArgumentException">The two lengths do not fit each other.</exception>
    public void Encode(ReadOnlySpan<float> values, Span<byte> blocks)
    {
        if (!CanEncode)
            throw new NotSupportedException($"Ponder reads {Name} but does not write it.");
        CheckLengths(blocks.Length, values.Length);
        EncodeScalar(values, blocks);
    }

    /// <summary>Scalar decoding of checked spans.</summary>
    protected abstract void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values);

    /// <summary>Scalar encoding of checked spans.</summary>
    protected virtual void EncodeScalar(ReadOnlySpan<float> values, Span<byte> blocks) => throw new NotSupportedException(Name);

    /// <summary>The hot path of kernels: decodes <paramref name="count"/> blocks; formats with vector code override it.</summary>
    internal virtual unsafe void DecodeBlocks(VectorWidth width, byte* source, float* target, long count) =>
        DecodeScalar(new ReadOnlySpan<byte>(source, checked((int)(count * BlockBytes))), new Span<float>(target, checked((int)(count * BlockSize))));

    /// <summary>
    /// Multiplies rows of weights with one row of activations without storing the decoded weights, to the same bits as decoding first. One activation row
    /// cannot pay for a way through memory.
    /// </summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="rows">The first row.</param>
    /// <param name="rowBytes">Bytes from a row to the next.</param>
    /// <param name="count">Rows.</param>
    /// <param name="blocks">Blocks of a row.</param>
    /// <param name="x">The activations of a row.</param>
    /// <param name="y">Receives a product for each row.</param>
    /// <returns>How many rows were multiplied, from the first; the others, or all where a format has no such code, are decoded instead.</returns>
    internal virtual unsafe int MultiplyRows(VectorWidth width, byte* rows, nint rowBytes, int count, long blocks, float* x, float* y) => 0;

    /// <inheritdoc/>
    public override string ToString() => Name;

    private void CheckLengths(int bytes, int values)
    {
        if (values % BlockSize != 0 || bytes != BytesOf(values))
            throw new ArgumentException($"{values} values of {Name} do not fit {bytes} bytes: a block is {BlockSize} values in {BlockBytes} bytes.");
    }
}
