using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>One block's vector decoding, written once for all widths and for all that is done with the weights.</summary>
internal unsafe interface IBlockDecoder
{
    /// <summary>
    /// Decodes one block to float32, bit for bit like the scalar reference (multiply, then add: no fused rounding), and hands the weights on in
    /// the order of their positions.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="values">Where the block's values belong: results, or the activations beside them.</param>
    /// <param name="state">The sink's state before.</param>
    /// <returns>The sink's state after.</returns>
    static abstract TVec Visit<TLanes, TVec, TSink>(byte* block, float* values, TVec state)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TSink : struct, IWeightSink;
}

/// <summary>A format with vector decoding: runs <typeparamref name="TDecoder"/> over the blocks in the width that is asked for.</summary>
internal abstract class VectorFormat<TDecoder> : BlockFormat where TDecoder : struct, IBlockDecoder
{
    internal override unsafe void DecodeBlocks(VectorWidth width, byte* source, float* target, long count)
    {
        switch (width)
        {
            case VectorWidth.V512: Decode<Lanes512, Vector512<float>>(source, target, count); break;
            case VectorWidth.V256: Decode<Lanes256, Vector256<float>>(source, target, count); break;
            case VectorWidth.V128: Decode<Lanes128, Vector128<float>>(source, target, count); break;
            default: base.DecodeBlocks(width, source, target, count); break;
        }
    }

    internal override unsafe int MultiplyRows(VectorWidth width, byte* rows, nint rowBytes, int count, long blocks, float* x, float* y)
    {
        switch (width)
        {
            case VectorWidth.V512: Multiply<Lanes512, Vector512<float>>(rows, rowBytes, count, blocks, x, y); break;
            case VectorWidth.V256: Multiply<Lanes256, Vector256<float>>(rows, rowBytes, count, blocks, x, y); break;
            case VectorWidth.V128: Multiply<Lanes128, Vector128<float>>(rows, rowBytes, count, blocks, x, y); break;
            default: return 0;
        }
        return count / 4 * 4;
    }

    private unsafe void Multiply<TLanes, TVec>(byte* rows, nint rowBytes, int count, long blocks, float* x, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        for (; count >= 4; count -= 4, rows += 4 * rowBytes, y += 4)
            MultiplyFour<TLanes, TVec>(rows, rowBytes, blocks, x, y);
    }

    // Four sums at once: a single one would wait for its own last addition.
    private unsafe void MultiplyFour<TLanes, TVec>(byte* rows, nint rowBytes, long blocks, float* x, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        TVec a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero;
        byte* row0 = rows, row1 = row0 + rowBytes, row2 = row1 + rowBytes, row3 = row2 + rowBytes;
        byte* next = rows + 4 * rowBytes;
        int bytes = BlockBytes, size = BlockSize;
        for (long i = 0; i < blocks; i++, x += size, row0 += bytes, row1 += bytes, row2 += bytes, row3 += bytes)
        {
            // The hardware follows one long stream, not four short ones: fetch the next four rows by hand, in order.
            for (int line = 0; line < 4 * bytes; line += 64)
                Prefetch(next + line);
            next += 4 * bytes;
            a0 = TDecoder.Visit<TLanes, TVec, DotSink>(row0, x, a0);
            a1 = TDecoder.Visit<TLanes, TVec, DotSink>(row1, x, a1);
            a2 = TDecoder.Visit<TLanes, TVec, DotSink>(row2, x, a2);
            a3 = TDecoder.Visit<TLanes, TVec, DotSink>(row3, x, a3);
        }
        TLanes.Sum4(a0, a1, a2, a3).Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(byte* address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(address);
    }

    private unsafe void Decode<TLanes, TVec>(byte* source, float* target, long count)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int bytes = BlockBytes, size = BlockSize;
        for (long i = 0; i < count; i++, source += bytes, target += size)
            TDecoder.Visit<TLanes, TVec, StoreSink>(source, target, TLanes.Zero);
    }
}
