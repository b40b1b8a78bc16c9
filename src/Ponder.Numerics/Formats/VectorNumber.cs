using System.Runtime.Intrinsics;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>Vector decoding of plain numbers.</summary>
internal unsafe interface INumberDecoder
{
    /// <summary>One vector of numbers as float32.</summary>
    static abstract TVec Decode<TLanes, TVec>(byte* numbers)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct;
}

/// <summary>Plain numbers (one value a block) with vector decoding; what does not fill a vector goes through the scalar code.</summary>
internal abstract class VectorNumber<TDecoder> : NumberFormat where TDecoder : struct, INumberDecoder
{
    public sealed override int BlockSize => 1;

    internal override unsafe void DecodeBlocks(VectorWidth width, byte* source, float* target, long count)
    {
        long done = width switch
        {
            VectorWidth.V512 => Run<Lanes512, Vector512<float>>(source, target, count),
            VectorWidth.V256 => Run<Lanes256, Vector256<float>>(source, target, count),
            VectorWidth.V128 => Run<Lanes128, Vector128<float>>(source, target, count),
            _ => 0,
        };
        base.DecodeBlocks(width, source + done * BlockBytes, target + done, count - done);
    }

    private unsafe long Run<TLanes, TVec>(byte* source, float* target, long count)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int bytes = BlockBytes;
        long i = 0;
        for (; i <= count - TLanes.Count; i += TLanes.Count)
            TLanes.Store(TDecoder.Decode<TLanes, TVec>(source + i * bytes), target + i);
        return i;
    }
}
