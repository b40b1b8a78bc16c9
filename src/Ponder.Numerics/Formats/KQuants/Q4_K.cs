using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>
/// GGUF Q4_K: 256 values in 8 groups of 32, <c>d * scale * q - dmin * minimum</c>, q of four bits.
/// Block: d and dmin (float16), scales and minimums (<see cref="KScales"/>), 128 bytes; each run of 32 bytes holds one group in its low
/// halves and the next in its high halves.
/// </summary>
/// <remarks>Encoding keeps normal values to a relative RMS error of 0.072 (measured on 65,536 of them).</remarks>
internal sealed class Q4_K : VectorFormat<Q4_K.Decoder>
{
    private const int Codes = 4 + KScales.Bytes;

    public override string Name => "Q4_K";
    public override int? GgufType => 12;
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
                values[group * 32 + i] = scale * ((codes[i] >> shift) & 15) - minimum;
        }
    }

    protected override void EncodeBlock(ReadOnlySpan<float> values, Span<byte> block)
    {
        Span<int> scales = stackalloc int[8], minimums = stackalloc int[8];
        Span<byte> codes = stackalloc byte[256];
        KGroups.Affine(values, 15, 63, scales, minimums, codes, block);
        KScales.Pack(scales, minimums, block[4..]);
        for (int i = 0; i < 128; i++)
        {
            int first = i / 32 * 64 + i % 32;
            block[Codes + i] = (byte)(codes[first] | (codes[first + 32] << 4));
        }
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
            byte* codes = block + Codes;
            for (int pair = 0; pair < 4; pair++, codes += 32, values += 64, scales >>= 16, minimums >>= 16)
            {
                var scale0 = TLanes.Create(d * (byte)scales);
                var scale1 = TLanes.Create(d * (byte)(scales >> 8));
                var minimum0 = TLanes.Create(dmin * (byte)minimums);
                var minimum1 = TLanes.Create(dmin * (byte)(minimums >> 8));
                for (int i = 0; i < 32; i += TLanes.Count)
                    state = TSink.Take<TLanes, TVec>(TLanes.Subtract(TLanes.Multiply(scale0, TLanes.FromLowNibbles(codes + i)), minimum0), values + i, state);
                for (int i = 0; i < 32; i += TLanes.Count)
                    state = TSink.Take<TLanes, TVec>(TLanes.Subtract(TLanes.Multiply(scale1, TLanes.FromHighNibbles(codes + i)), minimum1), values + i + 32, state);
            }
            return state;
        }
    }
}
