namespace Ponder.Numerics.Formats;

/// <summary>The table of number formats: the only place that lists them.</summary>
public static class NumberFormats
{
    /// <summary>IEEE binary32.</summary>
    public static NumberFormat F32 { get; } = new F32();

    /// <summary>GGUF Q8_0.</summary>
    public static NumberFormat Q8_0 { get; } = new Q8_0();

    /// <summary>Every format, in the order of their GGUF ids; those without one come last.</summary>
    public static IReadOnlyList<NumberFormat> All { get; } = [F32, Q8_0];

    private static readonly Dictionary<int, NumberFormat> ByGgufType =
        All.Where(f => f.GgufType is not null).ToDictionary(f => f.GgufType!.Value);

    private static readonly Dictionary<string, NumberFormat> BySafetensorsType =
        All.Where(f => f.SafetensorsType is not null).ToDictionary(f => f.SafetensorsType!, StringComparer.Ordinal);

    private static readonly Dictionary<string, NumberFormat> ByName = All.ToDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The format of a GGUF type id, or null.</summary>
    public static NumberFormat? FromGgufType(int type) => ByGgufType.GetValueOrDefault(type);

    /// <summary>The format of a safetensors dtype, or null.</summary>
    public static NumberFormat? FromSafetensorsType(string dtype) => BySafetensorsType.GetValueOrDefault(dtype);

    /// <summary>The format of a name such as <c>q4_k</c>, in any case, or null.</summary>
    public static NumberFormat? FromName(string name) => ByName.GetValueOrDefault(name);
}
