using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// MXFP4 of the OCP Microscaling Formats specification 1.0, in the GGUF layout: 32 values of E2M1 (sign, two bits of exponent, one of
/// fraction) with one power of two. Block: exponent e (the scale is 2^(e - 127)), 16 bytes laid out as in Q4_0.
/// </summary>
/// <remarks>
/// As GGUF readers have it, -0 decodes to +0, and e = 255, a NaN in the specification, means 2^128.
/// Encoding keeps normal values to a relative RMS error of 0.112 (measured on 65,536 of them).
/// </remarks>
internal sealed class MXFP4 : VectorFormat<MXFP4.Decoder>
{
    private const int Middle = 16;

    public override string Name => "MXFP4";
    public override int? GgufType => 39;
    public override int BlockSize => 2 * Middle;
    public override int BlockBytes => 1 + Middle;
    public override bool CanEncode => true;

    /// <summary>Twice the values of the codes, so that they are whole numbers; the scale is halved in turn.</summary>
    private static ReadOnlySpan<sbyte> Doubled => [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12];

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = HalfScale(block[0]);
        for (int i = 0; i < Middle; i++)
        {
            values[i] = scale * Doubled[block[1 + i] & 15];
            values[i + Middle] = scale * Doubled[block[1 + i] >> 4];
        }
    }

    /// <summary>2^(e - 128); subnormal for e below 2.</summary>
    private static float HalfScale(byte e) => BitConverter.UInt32BitsToSingle(e < 2 ? 0x00200000u << e : (uint)(e - 1) << 23);

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        // The specification takes the exponent at which the largest value falls between 4 and 8. The largest code is 6:
        // with the next exponent the largest values are not cut, and sometimes that costs less.
        float largest = MathF.Abs(Rounding.Extreme(values));
        int exponent = largest == 0 ? 0 : Math.Clamp(MathF.ILogB(largest) - 2 + 127, 0, 254);
        int next = Math.Min(exponent + 1, 254);
        double error = Encode(values, (byte)exponent, block);
        if (Encode(values, (byte)next, block) > error)
            Encode(values, (byte)exponent, block);
    }

    /// <summary>Encodes with a given exponent and returns the squared error.</summary>
    private static double Encode(ReadOnlySpan<float> values, byte exponent, Span<byte> block)
    {
        float scale = HalfScale(exponent);
        double error = 0;
        block.Clear();
        block[0] = exponent;
        for (int i = 0; i < values.Length; i++)
        {
            int code = Code(values[i] / scale);
            block[1 + i % Middle] |= (byte)(code << (i / Middle * 4));
            double miss = (double)scale * Doubled[code] - values[i];
            error += miss * miss;
        }
        return error;
    }

    /// <summary>The code whose doubled value is nearest; of two equally near ones the smaller.</summary>
    private static int Code(float doubled)
    {
        float magnitude = MathF.Abs(doubled);
        int code = 0;
        while (code < 7 && magnitude - Doubled[code] > Doubled[code + 1] - magnitude)
            code++;
        return doubled < 0 && code > 0 ? code + 8 : code;
    }

    internal readonly unsafe struct Decoder : IBlockDecoder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Visit<TLanes, TVec, TSink>(byte* block, float* values, TVec state)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
            where TSink : struct, IWeightSink
        {
            var table = Vector128.Create((sbyte)0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);
            var scale = TLanes.Create(HalfScale(block[0]));
            for (int i = 0; i < Middle; i += TLanes.Count)
                state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, TLanes.FromLowNibbles(block + 1 + i, table)), values + i, state);
            for (int i = 0; i < Middle; i += TLanes.Count)
                state = TSink.Take<TLanes, TVec>(TLanes.Multiply(scale, TLanes.FromHighNibbles(block + 1 + i, table)), values + i + Middle, state);
            return state;
        }
    }
}
