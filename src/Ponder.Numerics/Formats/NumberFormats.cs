namespace Ponder.Numerics.Formats;

/// <summary>The table of number formats: the only place that lists them.</summary>
public static class NumberFormats
{
    /// <summary>IEEE binary32.</summary>
    public static NumberFormat F32 { get; } = new F32();

    /// <summary>IEEE binary16.</summary>
    public static NumberFormat F16 { get; } = new F16();

    /// <summary>bfloat16.</summary>
    public static NumberFormat BF16 { get; } = new BF16();

    /// <summary>GGUF Q4_0: 4.5 bits a value.</summary>
    public static NumberFormat Q4_0 { get; } = new Q4_0();

    /// <summary>GGUF Q4_1: 5 bits a value.</summary>
    public static NumberFormat Q4_1 { get; } = new Q4_1();

    /// <summary>GGUF Q5_0: 5.5 bits a value.</summary>
    public static NumberFormat Q5_0 { get; } = new Q5_0();

    /// <summary>GGUF Q5_1: 6 bits a value.</summary>
    public static NumberFormat Q5_1 { get; } = new Q5_1();

    /// <summary>GGUF Q8_0: 8.5 bits a value.</summary>
    public static NumberFormat Q8_0 { get; } = new Q8_0();

    /// <summary>GGUF Q4_K: 4.5 bits a value.</summary>
    public static NumberFormat Q4_K { get; } = new Q4_K();

    /// <summary>GGUF Q5_K: 5.5 bits a value.</summary>
    public static NumberFormat Q5_K { get; } = new Q5_K();

    /// <summary>GGUF Q6_K: 6.5625 bits a value.</summary>
    public static NumberFormat Q6_K { get; } = new Q6_K();

    /// <summary>Every format, in the order of their GGUF ids; those without one come last.</summary>
    public static IReadOnlyList<NumberFormat> All { get; } =
    [
        F32, F16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, new Q8_1(),
        new Q2_K(), new Q3_K(), Q4_K, Q5_K, Q6_K, new Q8_K(),
        new IQ2_XXS(), new IQ2_XS(), new IQ3_XXS(), new IQ1_S(), new IQ4_NL(), new IQ3_S(), new IQ2_S(), new IQ4_XS(),
        new Integer<sbyte>("I8", 24), new Integer<short>("I16", 25), new Integer<int>("I32", 26), new Integer<long>("I64", 27),
        new F64(), new IQ1_M(), BF16, new TQ1_0(), new TQ2_0(), new MXFP4(),
        new Integer<byte>("U8"), new Integer<byte>("BOOL"), new Integer<ushort>("U16"), new Integer<uint>("U32"), new Integer<ulong>("U64"),
        F8.E4M3, F8.E5M2,
    ];

    /// <summary>The names of all formats with a comma between them, for messages that say what could have been written.</summary>
    public static string KnownNames { get; } = string.Join(", ", All.Select(f => f.Name));

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
