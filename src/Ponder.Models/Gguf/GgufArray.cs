using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Ponder.Models.Files;

namespace Ponder.Models.Gguf;

/// <summary>An array in GGUF metadata. One that was read from a file is decoded once, when it is first asked for.</summary>
/// <remarks>The arrays that the members hand out are shared, not copied: treat them as read-only.</remarks>
public sealed class GgufArray
{
    private readonly MappedFile? _file;
    private readonly long _offset;
    private Array? _elements;
    private long[]? _starts;
    private int[]? _int32;
    private float[]? _single;

    /// <summary>An array in a file, checked already; <paramref name="offset"/> is that of the first element.</summary>
    internal GgufArray(MappedFile file, GgufValueType elementType, int count, long offset, long byteLength)
    {
        _file = file;
        _offset = offset;
        ElementType = elementType;
        Count = count;
        ByteLength = byteLength;
    }

    private GgufArray(GgufValueType elementType, Array elements)
    {
        ElementType = elementType;
        Count = elements.Length;
        _elements = elements;
    }

    /// <summary>The type of every element.</summary>
    public GgufValueType ElementType { get; }

    /// <summary>Elements, 0 or more.</summary>
    public int Count { get; }

    /// <summary>The elements as the .NET array of their type: <c>uint[]</c>, <c>string[]</c>, <c>GgufArray[]</c> …</summary>
    public Array Elements => _elements ??= Load();

    /// <summary>Bytes of the elements in the file they were read from.</summary>
    internal long ByteLength { get; }

    /// <summary>Wraps values for writing.</summary>
    /// <param name="values">The elements: one of the .NET types of <see cref="GgufValueType"/>, or <see cref="GgufArray"/> for nested arrays.</param>
    /// <exception cref="ArgumentException">GGUF has no such element type.</exception>
    public static GgufArray Of<T>(T[] values) => new(GgufValueTypes.Of(typeof(T)), values);

    /// <summary>The strings, or null when the elements are of another type. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string[]? AsStrings() => Elements as string[];

    /// <summary>The integers as 32 bits, or null when the elements are not integers or one does not fit.</summary>
    public int[]? AsInt32() => _int32 ??= ElementType switch
    {
        GgufValueType.Int32 => (int[])Elements,
        GgufValueType.UInt8 => Narrow<byte>(),
        GgufValueType.Int8 => Narrow<sbyte>(),
        GgufValueType.UInt16 => Narrow<ushort>(),
        GgufValueType.Int16 => Narrow<short>(),
        GgufValueType.UInt32 => Narrow<uint>(),
        GgufValueType.UInt64 => Narrow<ulong>(),
        GgufValueType.Int64 => Narrow<long>(),
        _ => null,
    };

    /// <summary>The floating-point numbers as float32, or null when the elements are of another type.</summary>
    public float[]? AsSingle() => _single ??= Elements switch
    {
        float[] values => values,
        double[] values => Array.ConvertAll(values, v => (float)v),
        _ => null,
    };

    /// <summary>The booleans, or null when the elements are of another type.</summary>
    public bool[]? AsBool() => Elements as bool[];

    /// <summary>The bytes of a string as the file has them: vocabularies may hold strings that are not UTF-8.</summary>
    /// <param name="index">The element, from 0.</param>
    /// <exception cref="InvalidOperationException">The elements are not strings.</exception>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        if (ElementType != GgufValueType.String)
            throw new InvalidOperationException($"The elements are {ElementType}, not strings.");
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        if (_file is null)
            return Encoding.UTF8.GetBytes(((string[])Elements)[index]);
        _starts ??= FindStarts(_file);
        return _file.Slice(_starts[index] + 8, StringLength(_file, _starts[index]));
    }

    /// <summary>Copies the elements as the file has them, byte for byte; false when they come from no file.</summary>
    internal unsafe bool TryCopyTo(Stream stream)
    {
        if (_file is null)
            return false;
        using var source = new UnmanagedMemoryStream(_file.Pointer + _offset, ByteLength);
        source.CopyTo(stream);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{ElementType}[{Count}]";

    private static int StringLength(MappedFile file, long start) => (int)BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(start, 8));

    private Array Load()
    {
        var file = _file!;
        return ElementType switch
        {
            GgufValueType.UInt8 => Read<byte>(file),
            GgufValueType.Int8 => Read<sbyte>(file),
            GgufValueType.UInt16 => Read<ushort>(file),
            GgufValueType.Int16 => Read<short>(file),
            GgufValueType.UInt32 => Read<uint>(file),
            GgufValueType.Int32 => Read<int>(file),
            GgufValueType.Float32 => Read<float>(file),
            GgufValueType.Bool => Read<bool>(file),
            GgufValueType.UInt64 => Read<ulong>(file),
            GgufValueType.Int64 => Read<long>(file),
            GgufValueType.Float64 => Read<double>(file),
            GgufValueType.String => ReadStrings(file),
            _ => ReadArrays(file),
        };
    }

    private int[]? Narrow<T>() where T : IBinaryInteger<T>
    {
        var values = (T[])Elements;
        var narrow = new int[values.Length];
        for (int i = 0; i < narrow.Length; i++)
        {
            narrow[i] = int.CreateTruncating(values[i]);
            if (T.CreateTruncating(narrow[i]) != values[i] || T.IsNegative(values[i]) != narrow[i] < 0)
                return null;
        }
        return narrow;
    }

    private unsafe T[] Read<T>(MappedFile file) where T : unmanaged
    {
        var values = GC.AllocateUninitializedArray<T>(Count);
        fixed (T* target = values)
            Buffer.MemoryCopy(file.Pointer + _offset, target, ByteLength, ByteLength);
        return values;
    }

    private string[] ReadStrings(MappedFile file)
    {
        var values = new string[Count];
        long position = _offset;
        for (int i = 0; i < values.Length; i++)
        {
            int length = StringLength(file, position);
            values[i] = Encoding.UTF8.GetString(file.Slice(position + 8, length));
            position += 8 + length;
        }
        return values;
    }

    private long[] FindStarts(MappedFile file)
    {
        var starts = new long[Count];
        long position = _offset;
        for (int i = 0; i < starts.Length; i++)
        {
            starts[i] = position;
            position += 8 + StringLength(file, position);
        }
        return starts;
    }

    private GgufArray[] ReadArrays(MappedFile file)
    {
        var cursor = new GgufCursor(file) { Position = _offset };
        var values = new GgufArray[Count];
        for (int i = 0; i < values.Length; i++)
            values[i] = cursor.ReadArray();
        return values;
    }
}
