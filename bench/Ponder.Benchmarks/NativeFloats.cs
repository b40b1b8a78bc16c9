using Ponder.Numerics.Memory;

namespace Ponder.Benchmarks;

internal static class NativeFloats
{
    /// <summary>Values from -1 to 1, always the same ones.</summary>
    public static NativeBuffer<float> Random(long length)
    {
        var random = new Random(7);
        var buffer = new NativeBuffer<float>(length);
        foreach (ref float value in buffer.Span)
            value = random.NextSingle() * 2 - 1;
        return buffer;
    }
}
