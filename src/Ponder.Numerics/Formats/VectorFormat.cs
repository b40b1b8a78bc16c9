using System.Runtime.Intrinsics;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>One block's vector decoding, written once for all widths.</summary>
internal unsafe interface IBlockDecoder
{
    /// <summary>Decodes one block to float32, bit for bit like the scalar reference (multiply, then add: no fused rounding).</summary>
    static abstract void Decode<TLanes, TVec>(byte* block, float* values)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct;
}

/// <summary>A format with vector decoding: runs <typeparamref name="TDecoder"/> over the blocks in the width that is asked for.</summary>
internal abstract class VectorFormat<TDecoder> : BlockFormat where TDecoder : struct, IBlockDecoder
{
    internal override unsafe void DecodeBlocks(VectorWidth width, byte* source, float* target, long count)
    {
        switch (width)
        {
            case VectorWidth.V512: Run<Lanes512, Vector512<float>>(source, target, count); break;
            case VectorWidth.V256: Run<Lanes256, Vector256<float>>(source, target, count); break;
            case VectorWidth.V128: Run<Lanes128, Vector128<float>>(source, target, count); break;
            default: base.DecodeBlocks(width, source, target, count); break;
        }
    }

    private unsafe void Run<TLanes, TVec>(byte* source, float* target, long count)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int bytes = BlockBytes, size = BlockSize;
        for (long i = 0; i < count; i++, source += bytes, target += size)
            TDecoder.Decode<TLanes, TVec>(source, target);
    }
}
