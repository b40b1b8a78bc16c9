using System.Runtime.Intrinsics;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Kernels;

/// <summary>The conversions of every width, over all their inputs.</summary>
public sealed unsafe class LanesTests
{
    // 128 bits, too, where the runtime has to compute them without vector instructions.
    public static TheoryData<VectorWidth> Widths => [.. VectorWidths.Available.Append(VectorWidth.V128).Where(w => w != VectorWidth.Scalar).Distinct()];

    [Theory]
    [MemberData(nameof(Widths))]
    public void All_half_and_bfloat16_values_convert_exactly(VectorWidth width)
    {
        using var source = new NativeBuffer<ushort>(65536);
        for (int i = 0; i < 65536; i++)
            source.Span[i] = (ushort)i;
        using var half = new Guarded(65536);
        using var brain = new Guarded(65536);
        VectorDispatch.Run(width, new Words(source.Pointer, 65536, half.Pointer, brain.Pointer));
        float[] halves = half.Checked(), brains = brain.Checked();
        for (int i = 0; i < 65536; i++)
        {
            ShouldBeSame(halves[i], (float)BitConverter.UInt16BitsToHalf((ushort)i), $"half {i:X4}");
            ShouldBeSame(brains[i], BitConverter.Int32BitsToSingle(i << 16), $"bfloat16 {i:X4}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void All_bytes_nibbles_and_bit_fields_convert_exactly(VectorWidth width)
    {
        using var source = new NativeBuffer<byte>(256 + 16);
        for (int i = 0; i < 256; i++)
            source.Span[i] = (byte)i;
        sbyte[] table = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];
        var vector = Vector128.Create(table);
        Check(0, b => b);
        Check(1, b => (sbyte)b);
        Check(2, b => b & 15);
        Check(3, b => b >> 4);
        Check(4, b => table[b & 15]);
        Check(5, b => table[b >> 4]);
        for (int shift = 0; shift < 8; shift++)
        {
            foreach (int mask in (int[])[1, 3, 7, 15])
                Check(6, b => (b >> shift) & mask, shift, mask);
        }

        void Check(int kind, Func<byte, float> expected, int shift = 0, int mask = 0)
        {
            using var target = new Guarded(256);
            VectorDispatch.Run(width, new Bytes(kind, source.Pointer, target.Pointer, vector, shift, mask));
            float[] actual = target.Checked();
            for (int i = 0; i < 256; i++)
                actual[i].ShouldBe(expected((byte)i), $"conversion {kind} of {i} shift {shift} mask {mask}");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Lanes_are_kept_summed_and_compared(VectorWidth width) => VectorDispatch.Run(width, new Whole());

    private static void ShouldBeSame(float actual, float expected, string what)
    {
        if (float.IsNaN(expected))
            float.IsNaN(actual).ShouldBeTrue(what);
        else
            BitConverter.SingleToInt32Bits(actual).ShouldBe(BitConverter.SingleToInt32Bits(expected), what);
    }

    private readonly struct Words(ushort* source, int count, float* half, float* brain) : IVectorKernel
    {
        private readonly ushort* _source = source;
        private readonly float* _half = half;
        private readonly float* _brain = brain;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            for (int i = 0; i < count; i += TLanes.Count)
            {
                TLanes.Store(TLanes.FromHalf(_source + i), _half + i);
                TLanes.Store(TLanes.FromBFloat16(_source + i), _brain + i);
            }
        }

        public void Scalar() => throw new NotSupportedException();
    }

    private readonly struct Bytes(int kind, byte* source, float* target, Vector128<sbyte> table, int shift, int mask) : IVectorKernel
    {
        private readonly byte* _source = source;
        private readonly float* _target = target;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            for (int i = 0; i < 256; i += TLanes.Count)
            {
                TLanes.Store(
                    kind switch
                    {
                        0 => TLanes.FromBytes(_source + i),
                        1 => TLanes.FromSBytes((sbyte*)_source + i),
                        2 => TLanes.FromLowNibbles(_source + i),
                        3 => TLanes.FromHighNibbles(_source + i),
                        4 => TLanes.FromLowNibbles(_source + i, table),
                        5 => TLanes.FromHighNibbles(_source + i, table),
                        _ => TLanes.FromBits(_source + i, shift, mask),
                    },
                    _target + i);
            }
        }

        public void Scalar() => throw new NotSupportedException();
    }

    private readonly struct Whole : IVectorKernel
    {
        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            int count = TLanes.Count;
            using var values = new Guarded([.. Enumerable.Range(1, count).Select(i => (float)i)]);
            TLanes.Sum(TLanes.Load(values.Pointer)).ShouldBe(count * (count + 1) / 2);
            for (int top = 0; top < count; top++)
            {
                using var peak = new Guarded(count);
                peak.Span[top] = 3;
                TLanes.MaxOf(TLanes.Load(peak.Pointer)).ShouldBe(3);
            }
            using var result = new Guarded(count);
            TLanes.Store(TLanes.LoadTwice(values.Pointer), result.Pointer);
            result.Checked().ShouldBe([.. Enumerable.Range(0, count).Select(i => i / 2 + 1f)]);
            TLanes.Store(TLanes.SwapPairs(TLanes.Load(values.Pointer)), result.Pointer);
            result.Checked().ShouldBe([.. Enumerable.Range(0, count).Select(i => (i ^ 1) + 1f)]);
            TLanes.Store(TLanes.NegateEven(TLanes.Load(values.Pointer)), result.Pointer);
            result.Checked().ShouldBe([.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? -(i + 1f) : i + 1f)]);
            TLanes.Store(TLanes.AddToExponent(TLanes.Load(values.Pointer), TLanes.Create(12582912f - 3)), result.Pointer);
            result.Checked().ShouldBe([.. Enumerable.Range(0, count).Select(i => (i + 1f) / 8)]);
            TLanes.Store(TLanes.MaxNative(TLanes.Create(2.5f), TLanes.Load(values.Pointer)), result.Pointer);
            result.Checked().ShouldBe([.. Enumerable.Range(0, count).Select(i => MathF.Max(i + 1, 2.5f))]);
            foreach (uint bits in (uint[])[0, 1, 0b1010, 0xAAAA, 0xFFFF, 0x8001])
            {
                using var kept = new Guarded(count);
                TLanes.Store(TLanes.Keep(TLanes.Load(values.Pointer), bits), kept.Pointer);
                kept.Checked().ShouldBe([.. Enumerable.Range(0, count).Select(i => (bits >> i & 1) == 1 ? i + 1f : 0f)]);
                TLanes.Store(TLanes.Select(bits, TLanes.Load(values.Pointer), TLanes.Create(-7)), kept.Pointer);
                kept.Checked().ShouldBe([.. Enumerable.Range(0, count).Select(i => (bits >> i & 1) == 1 ? i + 1f : -7f)]);
            }
        }

        public void Scalar() => throw new NotSupportedException();
    }
}
