using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ponder.Numerics.Formats;

/// <summary>Reads float16 scales in vector decoders.</summary>
internal static unsafe class HalfScale
{
    // All 65,536 values. The scales of a model lie in a few of its cache lines; a look-up leaves the arithmetic units to the weights and has no
    // branches: decoding Q4_1 is more than twice as fast as with a conversion.
    private static readonly float* Table = Build();

    /// <summary>The float16 at an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Read(byte* source) => Table[Unsafe.ReadUnaligned<ushort>(source)];

    private static float* Build()
    {
        float* table = (float*)NativeMemory.AlignedAlloc(65_536 * sizeof(float), 64);   // lives as long as the process
        for (int i = 0; i < 65_536; i++)
            table[i] = (float)BitConverter.UInt16BitsToHalf((ushort)i);
        return table;
    }
}
