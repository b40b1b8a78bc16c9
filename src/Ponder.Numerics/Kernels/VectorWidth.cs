using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Kernels;

/// <summary>The vector width a portable kernel runs in; the number is the bits of a vector (0: plain scalar code).</summary>
public enum VectorWidth
{
    /// <summary>The scalar reference.</summary>
    Scalar = 0,

    /// <summary><see cref="Vector128{T}"/>: SSE, NEON, or software.</summary>
    V128 = 128,

    /// <summary><see cref="Vector256{T}"/>: AVX2.</summary>
    V256 = 256,

    /// <summary><see cref="Vector512{T}"/>: AVX-512.</summary>
    V512 = 512,
}

/// <summary>Chooses the vector width of this process, once.</summary>
public static class VectorWidths
{
    /// <summary>Environment variable that forces a narrower path: <c>512</c>, <c>256</c>, <c>128</c> or <c>scalar</c>.</summary>
    public const string EnvironmentVariable = "PONDER_VECTOR";

    /// <summary>The width in use: the widest the machine accelerates, unless <see cref="EnvironmentVariable"/> says otherwise.</summary>
    /// <exception cref="PonderException">The variable holds a value that is not known, or a width that the machine lacks.</exception>
    public static VectorWidth Current => Chosen.Value;

    /// <summary>The widths that run in hardware here, narrowest first; scalar code always runs.</summary>
    public static IReadOnlyList<VectorWidth> Available { get; } = Probe();

    // Not a static initializer: its error would come out wrapped, at whatever touches the class first.
    private static readonly Lazy<VectorWidth> Chosen = new(() => Choose(Environment.GetEnvironmentVariable(EnvironmentVariable)));

    /// <summary>The width that a user names.</summary>
    /// <param name="setting">The option or variable that names it, for the message.</param>
    /// <param name="name"><c>512</c>, <c>256</c>, <c>128</c> or <c>scalar</c>, in any case.</param>
    /// <exception cref="PonderException">The name is not known, or the machine lacks such vectors.</exception>
    public static VectorWidth Require(string setting, string name)
    {
        VectorWidth? width = name.ToLowerInvariant() switch
        {
            "scalar" => VectorWidth.Scalar,
            "128" => VectorWidth.V128,
            "256" => VectorWidth.V256,
            "512" => VectorWidth.V512,
            _ => null,
        };
        if (width is null)
            throw new PonderException($"{setting}={name} is not known; use 512, 256, 128 or scalar.");
        if (!Available.Contains(width.Value))
            throw new PonderException($"{setting}={name}: this machine has no {name}-bit vectors (it has: {string.Join(", ", Available)}).");
        return width.Value;
    }

    /// <summary>The name that <see cref="Require"/> knows a width by.</summary>
    public static string NameOf(VectorWidth width) => width == VectorWidth.Scalar ? "scalar" : $"{(int)width}";

    internal static VectorWidth Choose(string? forced) => string.IsNullOrEmpty(forced) ? Available[^1] : Require(EnvironmentVariable, forced);

    private static List<VectorWidth> Probe()
    {
        List<VectorWidth> widths = [VectorWidth.Scalar];
        if (Vector128.IsHardwareAccelerated) widths.Add(VectorWidth.V128);
        if (Vector256.IsHardwareAccelerated) widths.Add(VectorWidth.V256);
        if (Vector512.IsHardwareAccelerated) widths.Add(VectorWidth.V512);
        return widths;
    }
}
