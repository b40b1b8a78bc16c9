using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Ponder.Models.Files;

namespace Ponder.Models.Gguf;

/// <summary>A metadata value of a GGUF file. Strings and arrays are decoded once, when they are first asked for.</summary>
public sealed class GgufValue
{
    private readonly MappedFile? _file;
    private readonly long _offset;
    private readonly long _byteLength;
    private object? _value;

    internal GgufValue(GgufValueType type, object value)
    {
        Type = type;
        _value = value;
    }

    /// <summary>A string in a file, checked already; the offset is that of its length field.</summary>
    internal GgufValue(MappedFile file, long offset, long byteLength)
    {
        Type = GgufValueType.String;
        _file = file;
        _offset = offset;
        _byteLength = byteLength;
    }

    /// <summary>The type in the file.</summary>
    public GgufValueType Type { get; }

    /// <summary>The value as a .NET object of its type: a boxed number, a string, or a <see cref="GgufArray"/>.</summary>
    public object Boxed => _value ??= Encoding.UTF8.GetString(Utf8);

    /// <summary>The array, or null for another type.</summary>
    public GgufArray? Array => _value as GgufArray;

    /// <summary>The bytes of a string as the file has them, in case they are not UTF-8; empty for another type.</summary>
    public ReadOnlySpan<byte> Utf8 =>
        _file is not null ? _file.Slice(_offset + 8, (int)(_byteLength - 8)) :
        _value is string text ? new UTF8Encoding(false, throwOnInvalidBytes: true).GetBytes(text) : [];

    /// <summary>Wraps a value for writing.</summary>
    /// <param name="value">A number, a boolean, a string or a <see cref="GgufArray"/>.</param>
    /// <exception cref="ArgumentException">GGUF has no such type.</exception>
    public static GgufValue Of<T>(T value) where T : notnull => new(GgufValueTypes.Of(typeof(T)), value);

    /// <summary>Wraps an array for writing.</summary>
    /// <param name="values">Numbers, booleans, strings or <see cref="GgufArray"/>s.</param>
    /// <exception cref="ArgumentException">GGUF has no such type.</exception>
    public static GgufValue Of<T>(T[] values) => new(GgufValueType.Array, GgufArray.Of(values));

    /// <summary>The string; bytes that are not UTF-8 become U+FFFD.</summary>
    public bool TryGetString([NotNullWhen(true)] out string? value)
    {
        value = Type == GgufValueType.String ? (string)Boxed : null;
        return value is not null;
    }

    /// <summary>The integer, whatever its width and sign in the file; a boolean is no integer.</summary>
    public bool TryGetInteger(out Int128 value)
    {
        (bool found, value) = _value switch
        {
            byte v => (true, (Int128)v),
            sbyte v => (true, (Int128)v),
            ushort v => (true, (Int128)v),
            short v => (true, (Int128)v),
            uint v => (true, (Int128)v),
            int v => (true, (Int128)v),
            ulong v => (true, (Int128)v),
            long v => (true, (Int128)v),
            _ => (false, Int128.Zero),
        };
        return found;
    }

    /// <summary>The floating-point number, of 32 or 64 bits in the file; an integer is none.</summary>
    public bool TryGetDouble(out double value)
    {
        (bool found, value) = _value switch
        {
            float v => (true, v),
            double v => (true, v),
            _ => (false, 0.0),
        };
        return found;
    }

    /// <summary>The boolean.</summary>
    public bool TryGetBool(out bool value)
    {
        value = _value is true;
        return _value is bool;
    }

    /// <summary>The value as text: numbers as C# writes them, arrays as their type and count.</summary>
    public override string ToString() => Convert.ToString(Boxed, CultureInfo.InvariantCulture)!;
}
