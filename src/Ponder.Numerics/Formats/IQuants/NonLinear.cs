using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Formats;

/// <summary>The sixteen levels of IQ4_NL and IQ4_XS: closer together near zero, where most weights are.</summary>
internal static class NonLinear
{
    public static ReadOnlySpan<sbyte> Levels => [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <inheritdoc cref="Levels"/>
    public static Vector128<sbyte> Table =>
        Vector128.Create((sbyte)-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);
}
