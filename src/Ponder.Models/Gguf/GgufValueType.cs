namespace Ponder.Models.Gguf;

/// <summary>The type of a metadata value in a GGUF file; the numbers are the file's.</summary>
public enum GgufValueType
{
    /// <summary>8 bits, unsigned.</summary>
    UInt8 = 0,
    /// <summary>8 bits, signed.</summary>
    Int8 = 1,
    /// <summary>16 bits, unsigned.</summary>
    UInt16 = 2,
    /// <summary>16 bits, signed.</summary>
    Int16 = 3,
    /// <summary>32 bits, unsigned.</summary>
    UInt32 = 4,
    /// <summary>32 bits, signed.</summary>
    Int32 = 5,
    /// <summary>IEEE binary32.</summary>
    Float32 = 6,
    /// <summary>One byte, 0 or 1.</summary>
    Bool = 7,
    /// <summary>UTF-8 with its length in front.</summary>
    String = 8,
    /// <summary>Values of one type, with type and count in front.</summary>
    Array = 9,
    /// <summary>64 bits, unsigned.</summary>
    UInt64 = 10,
    /// <summary>64 bits, signed.</summary>
    Int64 = 11,
    /// <summary>IEEE binary64.</summary>
    Float64 = 12,
}

/// <summary>Facts about the value types.</summary>
internal static class GgufValueTypes
{
    /// <summary>Bytes of a value of fixed size; 0 for strings and arrays.</summary>
    public static int FixedSize(this GgufValueType type) => type switch
    {
        GgufValueType.UInt8 or GgufValueType.Int8 or GgufValueType.Bool => 1,
        GgufValueType.UInt16 or GgufValueType.Int16 => 2,
        GgufValueType.UInt32 or GgufValueType.Int32 or GgufValueType.Float32 => 4,
        GgufValueType.UInt64 or GgufValueType.Int64 or GgufValueType.Float64 => 8,
        _ => 0,
    };

    /// <summary>The type in which a .NET value is stored.</summary>
    /// <exception cref="ArgumentException">GGUF has no such type.</exception>
    public static GgufValueType Of(Type type) =>
        type == typeof(byte) ? GgufValueType.UInt8 :
        type == typeof(sbyte) ? GgufValueType.Int8 :
        type == typeof(ushort) ? GgufValueType.UInt16 :
        type == typeof(short) ? GgufValueType.Int16 :
        type == typeof(uint) ? GgufValueType.UInt32 :
        type == typeof(int) ? GgufValueType.Int32 :
        type == typeof(float) ? GgufValueType.Float32 :
        type == typeof(bool) ? GgufValueType.Bool :
        type == typeof(string) ? GgufValueType.String :
        type == typeof(GgufArray) ? GgufValueType.Array :
        type == typeof(ulong) ? GgufValueType.UInt64 :
        type == typeof(long) ? GgufValueType.Int64 :
        type == typeof(double) ? GgufValueType.Float64 :
        throw new ArgumentException($"GGUF has no metadata type for {type.Name}.");
}
