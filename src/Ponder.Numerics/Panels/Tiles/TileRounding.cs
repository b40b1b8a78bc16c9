using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Float32 to bfloat16 as <see cref="TileFormat"/> says, and back.</summary>
internal static unsafe class TileRounding
{
    private const uint Infinity = 0x7F800000, SmallestNormal = 0x00800000, Sign = 0x80000000;

    /// <summary>Rounds a number.</summary>
    public static ushort Round(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value), magnitude = bits & ~Sign;
        uint rounded = magnitude switch
        {
            > Infinity => bits | 0x400000,                  // quiet: a NaN whose payload is cut stays one
            < SmallestNormal => bits & Sign,
            _ => bits + 0x7FFF + (bits >> 16 & 1),
        };
        return (ushort)(rounded >> 16);
    }

    /// <summary>Rounds numbers.</summary>
    /// <param name="x">The numbers.</param>
    /// <param name="count">A multiple of 32.</param>
    /// <param name="target">Receives them.</param>
    public static void Round(float* x, int count, ushort* target)
    {
        for (int i = 0; i < count; i += Vector512<ushort>.Count)
            Vector512.Narrow(Round(Vector512.Load(x + i)), Round(Vector512.Load(x + i + Vector512<float>.Count))).Store(target + i);
    }

    /// <summary>Rounds rows of activations.</summary>
    /// <param name="x">[rows, k], contiguous.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="k">A multiple of 32.</param>
    /// <param name="prepared">Receives rows of <see cref="TileFormat.PreparedBytes"/> bytes.</param>
    public static void RoundRows(float* x, int rows, int k, byte* prepared)
    {
        for (int row = 0; row < rows; row++, x += k, prepared += TileFormat.PreparedBytes(k))
            Round(x, k, (ushort*)prepared);
    }

    /// <summary>The number that a bfloat16 is; subnormal ones are zero.</summary>
    public static Vector512<float> Widen(Vector512<uint> upperHalves) => Flush(upperHalves.AsSingle());

    /// <summary>Zero of the same sign in place of subnormal numbers.</summary>
    public static Vector512<float> Flush(Vector512<float> value)
    {
        var bits = value.AsUInt32();
        var small = Vector512.LessThan(bits & Vector512.Create(~Sign), Vector512.Create(SmallestNormal));
        return Vector512.ConditionalSelect(small, bits & Vector512.Create(Sign), bits).AsSingle();
    }

    private static Vector512<uint> Round(Vector512<float> value)
    {
        var bits = Flush(value).AsUInt32();
        var rounded = bits + Vector512.Create(0x7FFFu) + ((bits >> 16) & Vector512<uint>.One);
        var nan = Vector512.GreaterThan(bits & Vector512.Create(~Sign), Vector512.Create(Infinity));
        return Vector512.ConditionalSelect(nan, bits | Vector512.Create(0x400000u), rounded) >> 16;
    }
}
