namespace Ponder.Numerics.Tests.Emulator;

/// <summary>
/// Float32 arithmetic in which subnormal numbers are zeros, as sources and as results: what bfloat16 products are summed with. Results are looked at after
/// rounding: one that rounding lifts to the smallest normal number stays.
/// </summary>
internal static class FlushingFloat
{
    public static float MultiplyAdd(float x, float y, float z) => FloatOps.Flush(FloatOps.Fused(FloatOps.Flush(x), FloatOps.Flush(y), FloatOps.Flush(z)));

    public static float Add(float x, float y) => FloatOps.Flush(FloatOps.Add(FloatOps.Flush(x), FloatOps.Flush(y)));
}
