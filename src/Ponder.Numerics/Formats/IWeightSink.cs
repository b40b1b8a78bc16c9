using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>What becomes of decoded weights: they are stored, or multiplied at once and never leave the registers.</summary>
internal unsafe interface IWeightSink
{
    /// <summary>Takes a vector of weights.</summary>
    /// <param name="weights">The next weights, in the order of their positions.</param>
    /// <param name="at">Their place in the row of results, or of activations.</param>
    /// <param name="state">What came out of the vector before.</param>
    static abstract TVec Take<TLanes, TVec>(TVec weights, float* at, TVec state) where TLanes : struct, ILanes<TVec> where TVec : struct;
}

/// <summary>Stores the weights.</summary>
internal readonly unsafe struct StoreSink : IWeightSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Take<TLanes, TVec>(TVec weights, float* at, TVec state) where TLanes : struct, ILanes<TVec> where TVec : struct
    {
        TLanes.Store(weights, at);
        return state;
    }
}

/// <summary>Adds weights times activations to a sum, in the order of <see cref="DotTile"/>: the same bits without the way through memory.</summary>
internal readonly unsafe struct DotSink : IWeightSink
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Take<TLanes, TVec>(TVec weights, float* at, TVec state) where TLanes : struct, ILanes<TVec> where TVec : struct =>
        TLanes.MultiplyAdd(weights, TLanes.Load(at), state);
}
