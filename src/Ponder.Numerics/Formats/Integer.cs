using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ponder.Numerics.Formats;

/// <summary>
/// Integers, little endian; decoding rounds to binary32. They hold indices and masks rather than weights, so nothing encodes to them.
/// <c>BOOL</c> is a byte, 0 or 1.
/// </summary>
internal sealed class Integer<T>(string name, int? ggufType = null) : NumberFormat where T : unmanaged, IBinaryInteger<T>
{
    public override string Name => name;
    public override int? GgufType => ggufType;
    public override string SafetensorsType => name;
    public override int BlockSize => 1;
    public override int BlockBytes => Unsafe.SizeOf<T>();
    public override bool IsWeight => false;

    protected override void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values)
    {
        var numbers = MemoryMarshal.Cast<byte, T>(blocks);
        for (int i = 0; i < values.Length; i++)
            values[i] = float.CreateTruncating(numbers[i]);
    }
}
