using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ponder.CodeRunner.CSharp;

/// <summary>
/// Plain values as bytes: null, booleans, numbers, characters, texts, lists, dictionaries, tuples. They cross between two processes that do not
/// trust each other, so reading makes nothing but values of these types.
/// </summary>
internal static class Values
{
    private const int MaxDepth = 64;

    public static void Write(BinaryWriter writer, object? value, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException("A value is nested too deep.");
        switch (value)
        {
            case null: writer.Write((byte)'n'); break;
            case bool flag: writer.Write((byte)'b'); writer.Write(flag); break;
            case int number: writer.Write((byte)'i'); writer.Write(number); break;
            case long number: writer.Write((byte)'l'); writer.Write(number); break;
            case float number: writer.Write((byte)'f'); writer.Write(number); break;
            case double number: writer.Write((byte)'d'); writer.Write(number); break;
            case char character: writer.Write((byte)'c'); writer.Write((ushort)character); break;
            case string text: writer.Write((byte)'s'); WriteText(writer, text); break;
            case ITuple tuple:
                writer.Write((byte)'t');
                writer.Write(tuple.Length);
                for (int i = 0; i < tuple.Length; i++)
                    Write(writer, tuple[i], depth + 1);
                break;
            case IDictionary dictionary:
                writer.Write((byte)'m');
                writer.Write(dictionary.Count);
                foreach (DictionaryEntry entry in dictionary)
                {
                    Write(writer, entry.Key, depth + 1);
                    Write(writer, entry.Value, depth + 1);
                }
                break;
            case IEnumerable items:
                object?[] all = [.. items.Cast<object?>()];
                writer.Write((byte)'a');
                writer.Write(all.Length);
                foreach (object? item in all)
                    Write(writer, item, depth + 1);
                break;
            default:
                throw new InvalidDataException($"A value of the type {value.GetType()} cannot be compared here.");
        }
    }

    /// <summary>Reads a value as a type.</summary>
    /// <exception cref="InvalidDataException">It is none of that type.</exception>
    public static object? Read(BinaryReader reader, Type type, int depth = 0)
    {
        if (depth > MaxDepth)
            throw new InvalidDataException("A value is nested too deep.");
        char kind = (char)reader.ReadByte();
        var wanted = Nullable.GetUnderlyingType(type) ?? type;
        switch (kind)
        {
            case 'n':
                return wanted.IsValueType && wanted == type ? throw Mismatch("null", type) : null;
            case 'b': return As(reader.ReadBoolean(), wanted);
            case 'i': return As(reader.ReadInt32(), wanted);
            case 'l': return As(reader.ReadInt64(), wanted);
            case 'f': return As(reader.ReadSingle(), wanted);
            case 'd': return As(reader.ReadDouble(), wanted);
            case 'c': return As((char)reader.ReadUInt16(), wanted);
            case 's': return As(ReadText(reader), wanted);
            case 't': return ReadTuple(reader, wanted, depth);
            case 'm': return ReadDictionary(reader, wanted, depth);
            case 'a': return ReadList(reader, wanted, depth);
            default: throw new InvalidDataException("A message is not well formed.");
        }
    }

    // As the language converts where nothing is said: to wider numbers only.
    private static object As(object value, Type wanted) => (value, Type.GetTypeCode(wanted)) switch
    {
        _ when wanted.IsInstanceOfType(value) => value,
        (int, TypeCode.Int64 or TypeCode.Single or TypeCode.Double or TypeCode.Decimal)
            or (long, TypeCode.Single or TypeCode.Double or TypeCode.Decimal) or (float, TypeCode.Double) => Convert.ChangeType(value, wanted, CultureInfo.InvariantCulture),
        _ => throw Mismatch(value.GetType().Name, wanted),
    };

    private static object ReadTuple(BinaryReader reader, Type wanted, int depth)
    {
        int length = Count(reader);
        var parts = wanted.IsGenericType && wanted.IsAssignableTo(typeof(ITuple)) ? wanted.GetGenericArguments() : throw Mismatch("a tuple", wanted);
        if (parts.Length != length || length > 7)
            throw Mismatch($"a tuple of {length}", wanted);
        object?[] items = new object?[length];
        for (int i = 0; i < length; i++)
            items[i] = Read(reader, parts[i], depth + 1);
        return Activator.CreateInstance(wanted, items)!;
    }

    private static IDictionary ReadDictionary(BinaryReader reader, Type wanted, int depth)
    {
        int length = Count(reader);
        var parts = wanted == typeof(object) ? [typeof(object), typeof(object)] : wanted.GetGenericArguments();
        var made = parts.Length == 2 ? typeof(Dictionary<,>).MakeGenericType(parts) : throw Mismatch("a dictionary", wanted);
        if (!made.IsAssignableTo(wanted))
            throw Mismatch("a dictionary", wanted);
        var dictionary = (IDictionary)Activator.CreateInstance(made)!;
        for (int i = 0; i < length; i++)
        {
            object key = Read(reader, parts[0], depth + 1) ?? throw new InvalidDataException("A key is null.");
            dictionary[key] = Read(reader, parts[1], depth + 1);
        }
        return dictionary;
    }

    private static object ReadList(BinaryReader reader, Type wanted, int depth)
    {
        int length = Count(reader);
        var part = wanted.IsArray ? wanted.GetElementType()! : wanted.GetGenericArguments() is [var only] ? only
            : wanted == typeof(object) ? typeof(object) : throw Mismatch("a list", wanted);
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(part))!;
        for (int i = 0; i < length; i++)
            list.Add(Read(reader, part, depth + 1));
        if (wanted.IsArray)
        {
            var array = Array.CreateInstance(part, length);
            list.CopyTo(array, 0);
            return array;
        }
        return wanted.IsInstanceOfType(list) ? list
            : wanted.GetConstructor([typeof(IEnumerable<>).MakeGenericType(part)])?.Invoke([list]) ?? throw Mismatch("a list", wanted);
    }

    // Every item takes at least a byte, so that no count asks for memory that the message does not.
    private static int Count(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position ? count : throw new InvalidDataException("A message is not well formed.");
    }

    // Halves of surrogate pairs stay as they are.
    private static void WriteText(BinaryWriter writer, string text)
    {
        writer.Write(text.Length * 2);
        writer.Write(MemoryMarshal.AsBytes(text.AsSpan()));
    }

    private static string ReadText(BinaryReader reader) => new(MemoryMarshal.Cast<byte, char>(reader.ReadBytes(Count(reader))));

    private static InvalidDataException Mismatch(string what, Type wanted) => new($"{what} stands where {wanted.Name} is wanted");
}
