using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q5_K: 256 values in 8 groups of 32, <c>d * scale * q - dmin * minimum</c>, q of five bits.
/// Block: d and dmin (float16), scales and minimums (<see cref="KScales"/>), 32 bytes of fifth bits (bit g of byte i belongs to value i of
/// group g), 128 bytes of lower bits laid out as in Q4_K.
/// </summary>
/// <remarks>Encoding keeps normal values to a relative RMS error of 0.036 (measured on 65,536 of them).</remarks>
internal sealed class Q5_K : VectorFormat<Q5_K.Decoder>
{
    private const int Fifth = 4 + KScales.Bytes;
    private const int Codes = Fifth + 32;

    public override string Name => "Q5_K";
    public override int? GgufType => 13;
    public override int BlockSize => 256;
    public override int BlockBytes => Codes + 128;
    public override bool CanEncode => true;

    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float d = (float)BinaryPrimitives.ReadHalfLittleEndian(block);
        float dmin = (float)BinaryPrimitives.ReadHalfLittleEndian(block[2..]);
        KScales.Unpack(block[4..], out ulong scales, out ulong minimums);
        for (int group = 0; group < 8; group++, scales >>= 8, minimums >>= 8)
        {
            float scale = d * (byte)scales, minimum = dmin * (byte)minimums;
            var codes = block.Slice(Codes + group / 2 * 32, 32);
            int shift = group % 2 * 4;
            for (int i = 0; i < 32; i++)
                values[group * 32 + i] = scale * (((codes[i] >> shift) & 15) | (((block[Fifth + i] >> group) & 1) << 4)) - minimum;
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> scales = stackalloc int[8], minimums = stackalloc int[8];
        Span<byte> codes = stackalloc byte[256];
        KGroups.Affine(values, 31, 63, scales, minimums, codes, block);
        KScales.Pack(scales, minimums, block[4..]);
        for (int i = 0; i < 128; i++)
        {
            int first = i / 32 * 64 + i % 32;
            block[Codes + i] = (byte)((codes[first] & 15) | (codes[first + 32] << 4));
        }
        block[Fifth..Codes].Clear();
        for (int i = 0; i < 256; i++)
            block[Fifth + i % 32] |= (byte)(codes[i] >> 4 << (i / 32));
    }

    internal readonly unsafe struct Decoder : IBlockDecoder
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Visit<TLanes, TVec, TSink>(byte* block, float* values, TVec state)
            where TLanes : struct, ILanes<TVec>
            where TVec : struct
            where TSink : struct, IWeightSink
        {
            float d = HalfScale.Read(block), dmin = HalfScale.Read(block + 2);
            uint* packed = (uint*)(block + 4);
            KScales.Unpack(packed[0], packed[1], packed[2], out ulong scales, out ulong minimums);
            byte* fifth = block + Fifth;
            byte* codes = block + Codes;
            var sixteen = TLanes.Create(16);
            for (int group = 0; group < 8; group += 2, codes += 32, values += 64, scales >>= 16, minimums >>= 16)
            {
                var scale0 = TLanes.Create(d * (byte)scales);
                var scale1 = TLanes.Create(d * (byte)(scales >> 8));
                var minimum0 = TLanes.Create(dmin * (byte)minimums);
                var minimum1 = TLanes.Create(dmin * (byte)(minimums >> 8));
                // Whole numbers below 32: exact however the sums are rounded.
                for (int i = 0; i < 32; i += TLanes.Count)
                {
                    var low = TLanes.MultiplyAdd(TLanes.FromBits(fifth + i, group, 1), sixteen, TLanes.FromLowNibbles(codes + i));
                    state = TSink.Take<TLanes, TVec>(TLanes.Subtract(TLanes.Multiply(scale0, low), minimum0), values + i, state);
                }
                for (int i = 0; i < 32; i += TLanes.Count)
                {
                    var high = TLanes.MultiplyAdd(TLanes.FromBits(fifth + i, group + 1, 1), sixteen, TLanes.FromHighNibbles(codes + i));
                    state = TSink.Take<TLanes, TVec>(TLanes.Subtract(TLanes.Multiply(scale1, high), minimum1), values + i + 32, state);
                }
            }
            return state;
        }
    }
}
