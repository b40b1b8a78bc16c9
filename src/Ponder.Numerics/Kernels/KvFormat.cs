namespace Ponder.Numerics.Kernels;

/// <summary>How the numbers of keys and values lie in KV pages.</summary>
public enum KvFormat
{
    /// <summary>float32: exact.</summary>
    F32,

    /// <summary>IEEE binary16: 11 bits of precision. Magnitudes above 65,504 become 65,504; NaN stays NaN.</summary>
    F16,

    /// <summary>bfloat16: 8 bits of precision, the range of float32.</summary>
    BF16,

    /// <summary>Signed bytes from -127 to 127, with one float32 scale for each position, head, and key or value.</summary>
    Int8,
}

/// <summary>The names that users know the formats by.</summary>
public static class KvFormats
{
    /// <summary>All formats, the most exact first.</summary>
    public static IReadOnlyList<KvFormat> All { get; } = Enum.GetValues<KvFormat>();

    /// <summary>The name of a format: <c>f32</c>, <c>f16</c>, <c>bf16</c>, <c>int8</c>.</summary>
    public static string NameOf(KvFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>The format that a user names, in any case.</summary>
    /// <param name="setting">The option that names it, for the message.</param>
    /// <param name="name">The name.</param>
    /// <exception cref="PonderException">The name is not known.</exception>
    public static KvFormat Require(string setting, string name)
    {
        foreach (var format in All)
        {
            if (string.Equals(NameOf(format), name, StringComparison.OrdinalIgnoreCase))
                return format;
        }
        throw new PonderException($"{setting}={name} is not known; use {string.Join(", ", All.Select(NameOf))}.");
    }
}
