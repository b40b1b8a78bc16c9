using System.Runtime.CompilerServices;

namespace Ponder.Numerics.Formats;

/// <summary>Reads float16 scales in vector decoders.</summary>
internal static unsafe class HalfScale
{
    /// <summary>The float16 at an address; equal to the framework's conversion, which branches and takes twice the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(byte* source)
    {
        // Times 2^112 moves the exponent's bias, exactly, also for subnormal numbers; infinities and NaN get theirs by hand.
        uint bits = Unsafe.ReadUnaligned<ushort>(source), magnitude = bits & 0x7FFF;
        uint scaled = BitConverter.SingleToUInt32Bits(BitConverter.UInt32BitsToSingle(magnitude << 13) * 5.192296858534828e33f);
        uint special = magnitude >= 0x7C00 ? 0x7F800000u : 0;
        return BitConverter.UInt32BitsToSingle(scaled | special | ((bits & 0x8000) << 16));
    }
}
