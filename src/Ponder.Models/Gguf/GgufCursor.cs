using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Ponder.Models.Files;

namespace Ponder.Models.Gguf;

/// <summary>Reads a GGUF header from front to back; every step is checked against the end of the file.</summary>
internal sealed unsafe class GgufCursor(MappedFile file)
{
    /// <summary>The longest key or tensor name: what the GGUF specification grants keys.</summary>
    private const int MaxNameBytes = 65_535;

    /// <summary>The longest string value; what is larger could not be decoded.</summary>
    private const long MaxStringBytes = 1 << 28;

    /// <summary>Arrays inside arrays, at most.</summary>
    private const int MaxDepth = 8;

    /// <summary>The offset of the next byte.</summary>
    public long Position { get; set; }

    /// <summary>What is being read, for errors: a key, a tensor, a field of the header.</summary>
    public string Subject { get; set; } = "the header";

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Reads a key or a tensor's name: valid UTF-8, not empty.</summary>
    public string ReadName(string kind)
    {
        Subject = kind;
        long start = Position;
        ulong length = ReadUInt64();
        if (length is 0 or > MaxNameBytes)
            throw Error($"{kind} has {length} bytes; 1 to {MaxNameBytes} are allowed", start);
        var bytes = Take((long)length);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Error($"{kind} is not UTF-8", start);
    }

    /// <summary>Reads a value with its type in front.</summary>
    public GgufValue ReadValue()
    {
        var type = ReadType();
        long start = Position;
        switch (type)
        {
            case GgufValueType.String:
                Skip(type, depth: 0);
                return new GgufValue(file, start, Position - start);
            case GgufValueType.Array:
                return new GgufValue(type, ReadArray());
            default:
                Skip(type, depth: 0);
                return new GgufValue(type, Scalar(type, file.Slice(start, type.FixedSize())));
        }
    }

    /// <summary>Reads an array's head and walks over its elements.</summary>
    public GgufArray ReadArray(int depth = 1)
    {
        var (type, count) = ReadArrayHead();
        long start = Position;
        SkipElements(type, count, depth);
        return new GgufArray(file, type, count, start, Position - start);
    }

    /// <summary>An error that names the file and the offset.</summary>
    public ModelFileException Error(string message, long offset) => new(file.Path, $"{message} (at offset {offset})");

    private static object Scalar(GgufValueType type, ReadOnlySpan<byte> bytes) => type switch
    {
        GgufValueType.UInt8 => bytes[0],
        GgufValueType.Int8 => (sbyte)bytes[0],
        GgufValueType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        GgufValueType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        GgufValueType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        GgufValueType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        GgufValueType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        GgufValueType.Bool => bytes[0] != 0,
        GgufValueType.UInt64 => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        GgufValueType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    private GgufValueType ReadType()
    {
        long start = Position;
        uint type = ReadUInt32();
        return type <= (uint)GgufValueType.Float64
            ? (GgufValueType)type
            : throw Error($"{Subject} has the value type {type}; 0 to {(int)GgufValueType.Float64} are known", start);
    }

    private (GgufValueType Type, int Count) ReadArrayHead()
    {
        var type = ReadType();
        long start = Position;
        ulong count = ReadUInt64();
        // The smallest element has one byte, a string or an array eight or twelve: no count can pass the end of the file.
        int least = type switch { GgufValueType.String => 8, GgufValueType.Array => 12, _ => type.FixedSize() };
        if (count > (ulong)Math.Min((file.Length - Position) / least, Array.MaxLength))
            throw Error($"{Subject} has an array of {count} values, more than the rest of the file can hold", start);
        return (type, (int)count);
    }

    private void Skip(GgufValueType type, int depth)
    {
        long start = Position;
        switch (type)
        {
            case GgufValueType.String:
                ulong length = ReadUInt64();
                if (length > MaxStringBytes)
                    throw Error($"{Subject} has a string of {length} bytes; {MaxStringBytes} are allowed", start);
                Take((long)length);
                break;
            case GgufValueType.Array:
                if (depth >= MaxDepth)
                    throw Error($"{Subject} has arrays nested deeper than {MaxDepth}", start);
                var (element, count) = ReadArrayHead();
                SkipElements(element, count, depth + 1);
                break;
            default:
                SkipElements(type, 1, depth);
                break;
        }
    }

    private void SkipElements(GgufValueType type, int count, int depth)
    {
        if (type.FixedSize() == 0)
        {
            for (int i = 0; i < count; i++)
                Skip(type, depth);
            return;
        }
        long start = Position;
        byte* first = TakePointer((long)count * type.FixedSize());
        if (type == GgufValueType.Bool && new ReadOnlySpan<byte>(first, count).ContainsAnyExcept((byte)0, (byte)1))
            throw Error($"{Subject} has a boolean that is neither 0 nor 1", start);
    }

    private ReadOnlySpan<byte> Take(long count) => new(TakePointer(count), checked((int)count));

    private byte* TakePointer(long count)
    {
        if (count > file.Length - Position)
            throw Error($"the file ends inside {Subject}: {count} bytes are wanted, {file.Length - Position} are left", Position);
        byte* pointer = file.Pointer + Position;
        Position += count;
        return pointer;
    }
}
