using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Kernels;

/// <summary>What is written into pages and read from them.</summary>
public sealed unsafe class KvFormatTests
{
    /// <summary>Every binary16 number, its neighbours, the middles between them, and what lies outside.</summary>
    private static readonly float[] Interesting =
    [
        .. Enumerable.Range(0, 0x7C00).Select(i => (float)BitConverter.UInt16BitsToHalf((ushort)i)).SelectMany(x => (float[])
            [x, -x, MathF.BitIncrement(x), (x + MathF.BitDecrement(x)) / 2, x * (1 + 1f / 2048), x * (1 + 3f / 2048), x + 2.9802322e-8f]),
        65519, 65520, 1e6f, -1e30f, float.MaxValue, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    [Fact]
    public void Float16_rounds_to_nearest_even_and_stops_at_65504()
    {
        foreach (var (written, read) in RoundTrip(KvFormat.F16, Interesting))
        {
            float expected = float.IsNaN(written) ? written : (float)(Half)Math.Clamp(written, -65504, 65504);
            BitConverter.SingleToInt32Bits(read).ShouldBe(BitConverter.SingleToInt32Bits(expected), $"{written:R}");
        }
    }

    [Fact]
    public void Bfloat16_rounds_to_nearest_even()
    {
        foreach (var (written, read) in RoundTrip(KvFormat.BF16, Interesting))
        {
            uint bits = BitConverter.SingleToUInt32Bits(written);
            float expected = BitConverter.UInt32BitsToSingle((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000);
            read.ShouldBe(float.IsNaN(written) ? written : expected, $"{written:R}");
        }
    }

    [Fact]
    public void Float32_stays_as_it_is()
    {
        foreach (var (written, read) in RoundTrip(KvFormat.F32, Interesting))
            BitConverter.SingleToInt32Bits(read).ShouldBe(BitConverter.SingleToInt32Bits(written));
    }

    [Fact]
    public void Int8_is_within_half_a_step_of_the_largest_magnitude()
    {
        var random = new Random(5);
        foreach (int size in (int[])[1, 7, 8, 20, 64, 128])
        {
            foreach (float scale in (float[])[1e-30f, 1e-3f, 1, 1e6f])
            {
                float[] row = [.. Enumerable.Range(0, size).Select(_ => (float)(random.NextDouble() * 2 - 1) * scale)];
                float step = row.Max(MathF.Abs) / 127;
                foreach (var (written, read) in RoundTrip(KvFormat.Int8, row, size))
                    Math.Abs(written - read).ShouldBeLessThanOrEqualTo(step * 0.50001f);
            }
        }
        foreach (var (_, read) in RoundTrip(KvFormat.Int8, new float[9], 9))
            read.ShouldBe(0);
        foreach (var (_, read) in RoundTrip(KvFormat.Int8, [1e-42f, -1e-43f, 0], 3))
            read.ShouldBe(0);
        foreach (var (_, read) in RoundTrip(KvFormat.Int8, [1, 2, 3, 4, 5, 6, 7, 8, 9, float.NaN], 10))
            float.IsNaN(read).ShouldBeTrue();
    }

    [Fact]
    public void Pages_read_the_same_at_every_width()
    {
        var random = new Random(7);
        foreach (var format in KvFormats.All)
        {
            foreach (int size in (int[])[1, 3, 16, 20, 64])
            {
                var head = new KvHead(format, size);
                using var page = new NativeBuffer<byte>(head.Bytes);
                for (int slot = 0; slot < Attention.PageTokens; slot++)
                {
                    using var row = Guarded.Random(random, 2 * size, slot == 3 ? 1e-6f : 100);
                    KvEncoder.Store(head, page.Pointer, slot, row.Pointer, row.Pointer + size);
                }
                int wide = (size + 15) / 16 * 16;
                foreach (var width in VectorWidths.Available.Skip(1))
                {
                    using var keys = new Guarded(size * Attention.PageTokens);
                    using var values = new Guarded(wide * Attention.PageTokens);
                    VectorDispatch.Run(width, new Decode(head, page.Pointer, keys.Pointer, values.Pointer, wide));
                    float[] k = keys.Checked(), v = values.Checked();
                    for (int slot = 0; slot < Attention.PageTokens; slot++)
                    {
                        for (int c = 0; c < wide; c++)
                        {
                            if (c < size)
                                k[c * Attention.PageTokens + slot].ShouldBe(KvDecoder.Key(head, page.Pointer, slot, c));
                            v[slot * wide + c].ShouldBe(c < size ? KvDecoder.Value(head, page.Pointer, slot, c) : 0);
                        }
                    }
                }
            }
        }
    }

    [Fact]
    public void Formats_are_known_by_their_names()
    {
        foreach (var format in KvFormats.All)
            KvFormats.Require("--kv", KvFormats.NameOf(format).ToUpperInvariant()).ShouldBe(format);
        Should.Throw<PonderException>(() => KvFormats.Require("--kv", "q4")).Message.ShouldBe("--kv=q4 is not known; use f32, f16, bf16, int8.");
    }

    /// <summary>Writes numbers as keys and as values of heads of some size, with an odd tail; gives each number with what is read back.</summary>
    private static List<(float Written, float Read)> RoundTrip(KvFormat format, float[] numbers, int size = 37)
    {
        var head = new KvHead(format, size);
        using var page = new NativeBuffer<byte>(head.Bytes);
        var results = new List<(float, float)>();
        for (int first = 0; first < numbers.Length; first += size)
        {
            using var row = new Guarded(size);
            int count = Math.Min(size, numbers.Length - first), slot = first / size % Attention.PageTokens;
            numbers.AsSpan(first, count).CopyTo(row.Span);
            KvEncoder.Store(head, page.Pointer, slot, row.Pointer, row.Pointer);
            for (int c = 0; c < count; c++)
            {
                results.Add((numbers[first + c], KvDecoder.Key(head, page.Pointer, slot, c)));
                results.Add((numbers[first + c], KvDecoder.Value(head, page.Pointer, slot, c)));
            }
        }
        return results;
    }

    private readonly struct Decode(KvHead head, byte* page, float* keys, float* values, int wide) : IVectorKernel
    {
        private readonly byte* _page = page;
        private readonly float* _keys = keys;
        private readonly float* _values = values;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            KvDecoder.Keys<TLanes, TVec>(head, _page, _keys, Attention.PageTokens);
            KvDecoder.Values<TLanes, TVec>(head, _page, Attention.PageTokens, _values, wide);
        }

        public void Scalar() => throw new NotSupportedException();
    }
}
