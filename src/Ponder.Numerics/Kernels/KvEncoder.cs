using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// Writes keys and values into pages. Rounding is to nearest, ties to even; the bits are the same on every machine, so 256-bit vectors serve
/// all (machines without them run each as two halves).
/// </summary>
public static unsafe class KvEncoder
{
    private const int Block = 64;

    /// <summary>Writes one position of one KV head.</summary>
    /// <param name="head">The layout.</param>
    /// <param name="target">The head's part of the page.</param>
    /// <param name="slot">The position in the page, 0 to <see cref="Attention.PageTokens"/> - 1.</param>
    /// <param name="key">[head size].</param>
    /// <param name="value">[head size].</param>
    public static void Store(KvHead head, byte* target, int slot, float* key, float* value)
    {
        byte* values = target + head.ValuesAt + (nint)slot * head.Size * head.NumberBytes;
        switch (head.Format)
        {
            case KvFormat.F32:
                Scatter((uint*)key, head.Size, (uint*)target + slot);
                new ReadOnlySpan<float>(value, head.Size).CopyTo(new Span<float>(values, head.Size));
                break;
            case KvFormat.F16:
                StoreWords<Half>(head.Size, (ushort*)target + slot, (ushort*)values, key, value);
                break;
            case KvFormat.BF16:
                StoreWords<Brain>(head.Size, (ushort*)target + slot, (ushort*)values, key, value);
                break;
            default:
                StoreBytes(head, target, slot, key, (sbyte*)values, value);
                break;
        }
    }

    /// <summary>Conversion of float32 to 16 bits.</summary>
    private interface IWord
    {
        static abstract ushort One(float value);

        static abstract Vector128<ushort> Eight(Vector256<float> values);
    }

    private static void StoreWords<TWord>(int size, ushort* keys, ushort* values, float* key, float* value) where TWord : struct, IWord
    {
        Convert<TWord>(value, size, values);
        ushort* words = stackalloc ushort[Block];
        for (int c = 0; c < size; c += Block)
        {
            int count = Math.Min(Block, size - c);
            Convert<TWord>(key + c, count, words);
            Scatter(words, count, keys + (nint)c * Attention.PageTokens);
        }
    }

    private static void Convert<TWord>(float* source, int count, ushort* target) where TWord : struct, IWord
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
            TWord.Eight(Vector256.Load(source + i)).Store(target + i);
        for (; i < count; i++)
            target[i] = TWord.One(source[i]);
    }

    private static void StoreBytes(KvHead head, byte* target, int slot, float* key, sbyte* values, float* value)
    {
        ((float*)(target + head.ValueScalesAt))[slot] = Quantize(value, head.Size, values, 1);
        ((float*)(target + head.KeyScalesAt))[slot] = Quantize(key, head.Size, (sbyte*)target + slot, Attention.PageTokens);
    }

    /// <summary>Bytes with the scale that makes the largest magnitude 127; gives the scale, NaN if any value is.</summary>
    private static float Quantize(float* source, int count, sbyte* target, nint stride)
    {
        var tops = Vector256<float>.Zero;
        int i = 0;
        for (; i + 8 <= count; i += 8)
            tops = Vector256.Max(tops, Vector256.Abs(Vector256.Load(source + i)));
        float top = Lanes256.MaxOf(tops);
        for (; i < count; i++)
            top = MathF.Max(top, MathF.Abs(source[i]));
        float inverse = top > 0 ? 127 / top : 0;
        if (float.IsInfinity(inverse))                          // a top so small that only its inverse overflows: as good as 0
            (top, inverse) = (0, 0);
        int* numbers = stackalloc int[8];
        for (i = 0; i + 8 <= count; i += 8)
        {
            Vector256.ConvertToInt32Native(Vector256.Round(Vector256.Load(source + i) * inverse)).Store(numbers);
            for (int j = 0; j < 8; j++)
                target[(i + j) * stride] = (sbyte)numbers[j];
        }
        for (; i < count; i++)
            target[i * stride] = (sbyte)MathF.Round(source[i] * inverse);
        return top / 127;
    }

    private static void Scatter<T>(T* source, int count, T* target) where T : unmanaged
    {
        for (int i = 0; i < count; i++, target += Attention.PageTokens)
            *target = source[i];
    }

    private readonly struct Half : IWord
    {
        private const float Largest = 65504;

        public static ushort One(float value) => BitConverter.HalfToUInt16Bits((System.Half)Math.Clamp(value, -Largest, Largest));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<ushort> Eight(Vector256<float> values)
        {
            var bits = values.AsUInt32();
            var sign = (bits >>> 16) & Vector256.Create(0x8000u);
            var magnitude = Vector256.Min(Vector256.Abs(values), Vector256.Create(Largest)).AsUInt32();
            // Normal numbers: the exponent's bias falls from 127 to 15, half of the last place (less one where it is even) is added, 13 bits go.
            var odd = (magnitude >>> 13) & Vector256<uint>.One;
            var normal = (magnitude + Vector256.Create(0xC8000FFFu) + odd) >>> 13;
            // Below 2^-14 the last place is worth 2^-24, as it is in float32 numbers from 0.5 to 1: adding 0.5 rounds there.
            var small = (magnitude.AsSingle() + Vector256.Create(0.5f)).AsUInt32() - Vector256.Create(0x3F000000u);
            var half = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x38800000u)), small, normal);
            half = Vector256.ConditionalSelect(Vector256.Equals(values, values).AsUInt32(), half, Vector256.Create(0x7E00u));
            return Vector128.Narrow((half | sign).GetLower(), (half | sign).GetUpper());
        }
    }

    private readonly struct Brain : IWord
    {
        public static ushort One(float value)
        {
            uint bits = BitConverter.SingleToUInt32Bits(value);
            return float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<ushort> Eight(Vector256<float> values)
        {
            var bits = values.AsUInt32();
            var rounded = (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256<uint>.One)) >>> 16;
            rounded = Vector256.ConditionalSelect(Vector256.Equals(values, values).AsUInt32(), rounded, Vector256.Create(0x7FC0u));
            return Vector128.Narrow(rounded.GetLower(), rounded.GetUpper());
        }
    }
}
