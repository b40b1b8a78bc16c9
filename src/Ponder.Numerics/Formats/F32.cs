using System.Runtime.InteropServices;
using Ponder.Numerics.Kernels;

namespace Ponder.Numerics.Formats;

/// <summary>IEEE binary32, little endian.</summary>
internal sealed class F32 : NumberFormat
{
    public override string Name => "F32";
    public override int? GgufType => 0;
    public override string SafetensorsType => "F32";
    public override int BlockSize => 1;
    public override int BlockBytes => 4;
    public override bool CanEncode => true;
    internal override bool IsFloat32 => true;

    protected override void DecodeScalar(ReadOnlySpan<byte> blocks, Span<float> values) =>
        MemoryMarshal.Cast<byte, float>(blocks).CopyTo(values);

    protected override void EncodeScalar(ReadOnlySpan<float> values, Span<byte> blocks) =>
        MemoryMarshal.AsBytes(values).CopyTo(blocks);

    internal override unsafe void DecodeBlocks(VectorWidth width, byte* source, float* target, long count) =>
        Buffer.MemoryCopy(source, target, count * 4, count * 4);
}
