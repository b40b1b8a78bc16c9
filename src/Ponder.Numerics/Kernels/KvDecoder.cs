using System.Runtime.CompilerServices;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// Reads pages as float32, exactly: the bits are the same for every vector width. A page's keys become columns of a panel [headSize, stride], its
/// values rows of a panel [positions, stride].
/// </summary>
internal static unsafe class KvDecoder
{
    private const int Page = Attention.PageTokens;

    /// <summary>The keys of a page to [headSize, <paramref name="stride"/>], of which <see cref="Attention.PageTokens"/> columns are written.</summary>
    public static void Keys<TLanes, TVec>(KvHead head, byte* source, float* target, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        switch (head.Format)
        {
            case KvFormat.F32: Keys<TLanes, TVec, Floats>(head, source, target, stride); break;
            case KvFormat.F16: Keys<TLanes, TVec, Halves>(head, source, target, stride); break;
            case KvFormat.BF16: Keys<TLanes, TVec, Brains>(head, source, target, stride); break;
            default: Keys<TLanes, TVec, Bytes>(head, source, target, stride); break;
        }
    }

    /// <summary>The values of a page to [count, <paramref name="stride"/>]; columns from the head's size to the stride become 0.</summary>
    public static void Values<TLanes, TVec>(KvHead head, byte* source, int count, float* target, int stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        switch (head.Format)
        {
            case KvFormat.F32: Values<TLanes, TVec, Floats>(head, source, count, target, stride); break;
            case KvFormat.F16: Values<TLanes, TVec, Halves>(head, source, count, target, stride); break;
            case KvFormat.BF16: Values<TLanes, TVec, Brains>(head, source, count, target, stride); break;
            default: Values<TLanes, TVec, Bytes>(head, source, count, target, stride); break;
        }
    }

    /// <summary>The reference: component <paramref name="c"/> of the key in a slot.</summary>
    public static float Key(KvHead head, byte* source, int slot, int c) =>
        Number(head.Format, source, (nint)c * Page + slot, (float*)(source + head.KeyScalesAt) + slot);

    /// <summary>The reference: component <paramref name="c"/> of the value in a slot.</summary>
    public static float Value(KvHead head, byte* source, int slot, int c) =>
        Number(head.Format, source + head.ValuesAt, (nint)slot * head.Size + c, (float*)(source + head.ValueScalesAt) + slot);

    private static float Number(KvFormat format, byte* numbers, nint index, float* scale) => format switch
    {
        KvFormat.F32 => ((float*)numbers)[index],
        KvFormat.F16 => (float)BitConverter.UInt16BitsToHalf(((ushort*)numbers)[index]),
        KvFormat.BF16 => BitConverter.UInt32BitsToSingle((uint)((ushort*)numbers)[index] << 16),
        _ => ((sbyte*)numbers)[index] * *scale,
    };

    private static void Keys<TLanes, TVec, TNumber>(KvHead head, byte* source, float* target, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TNumber : struct, INumber
    {
        float* scales = (float*)(source + head.KeyScalesAt);
        for (int i = 0; i < Page; i += TLanes.Count)
        {
            byte* from = source + i * TNumber.Bytes;
            float* to = target + i;
            var scale = TNumber.IsScaled ? TLanes.Load(scales + i) : default;
            for (int c = 0; c < head.Size; c++, from += Page * TNumber.Bytes, to += stride)
                TLanes.Store(Scaled<TLanes, TVec, TNumber>(TNumber.Load<TLanes, TVec>(from), scale), to);
        }
    }

    private static void Values<TLanes, TVec, TNumber>(KvHead head, byte* source, int count, float* target, int stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TNumber : struct, INumber
    {
        byte* row = source + head.ValuesAt;
        for (int slot = 0; slot < count; slot++, row += (nint)head.Size * TNumber.Bytes, target += stride)
        {
            var scale = TNumber.IsScaled ? TLanes.Create(((float*)(source + head.ValueScalesAt))[slot]) : default;
            int c = 0;
            for (; c + TLanes.Count <= head.Size; c += TLanes.Count)
                TLanes.Store(Scaled<TLanes, TVec, TNumber>(TNumber.Load<TLanes, TVec>(row + c * TNumber.Bytes), scale), target + c);
            if (c < head.Size && c > 0)
            {
                // The last vector once more from where it is whole: of head size 24 one value at a time took three quarters of a short step's attention.
                c = head.Size - TLanes.Count;
                TLanes.Store(Scaled<TLanes, TVec, TNumber>(TNumber.Load<TLanes, TVec>(row + c * TNumber.Bytes), scale), target + c);
                c = head.Size;
            }
            for (; c < head.Size; c++)
                target[c] = Value(head, source, slot, c);
            new Span<float>(target + c, stride - c).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Scaled<TLanes, TVec, TNumber>(TVec numbers, TVec scale)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TNumber : struct, INumber => TNumber.IsScaled ? TLanes.Multiply(numbers, scale) : numbers;

    /// <summary>The numbers of a format.</summary>
    private interface INumber
    {
        static abstract int Bytes { get; }

        static abstract bool IsScaled { get; }

        static abstract TVec Load<TLanes, TVec>(byte* source) where TLanes : struct, ILanes<TVec> where TVec : struct;
    }

    private readonly struct Floats : INumber
    {
        public static int Bytes => 4;

        public static bool IsScaled => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Load<TLanes, TVec>(byte* source) where TLanes : struct, ILanes<TVec> where TVec : struct => TLanes.Load((float*)source);
    }

    private readonly struct Halves : INumber
    {
        public static int Bytes => 2;

        public static bool IsScaled => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Load<TLanes, TVec>(byte* source) where TLanes : struct, ILanes<TVec> where TVec : struct => TLanes.FromHalf((ushort*)source);
    }

    private readonly struct Brains : INumber
    {
        public static int Bytes => 2;

        public static bool IsScaled => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Load<TLanes, TVec>(byte* source) where TLanes : struct, ILanes<TVec> where TVec : struct =>
            TLanes.FromBFloat16((ushort*)source);
    }

    private readonly struct Bytes : INumber
    {
        static int INumber.Bytes => 1;

        public static bool IsScaled => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Load<TLanes, TVec>(byte* source) where TLanes : struct, ILanes<TVec> where TVec : struct => TLanes.FromSBytes((sbyte*)source);
    }
}
