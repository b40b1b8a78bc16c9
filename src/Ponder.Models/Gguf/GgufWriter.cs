using System.Text;
using Ponder.Models.Files;

namespace Ponder.Models.Gguf;

/// <summary>
/// Writes a GGUF file, version 3, little endian. The tensors are declared first and their data follows in the same order in pieces of any size,
/// so that a model larger than memory can be written. The file appears under its name only with <see cref="Complete"/>.
/// </summary>
public sealed class GgufWriter : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly TensorSequence _sequence;

    /// <summary>Begins a file and writes its header.</summary>
    /// <param name="path">The file; one that is there is replaced at the end.</param>
    /// <param name="metadata">The keys, in their order; <c>general.alignment</c> is obeyed.</param>
    /// <param name="tensors">The tensors, in the order of their data; each has 1 to 4 dimensions of at least 1.</param>
    /// <exception cref="ArgumentException">A tensor cannot be written, or a string is no Unicode.</exception>
    /// <exception cref="ModelFileException">The file cannot be written, or the alignment is not valid.</exception>
    public GgufWriter(string path, GgufMetadata metadata, IReadOnlyList<TensorDeclaration> tensors)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ArgumentNullException.ThrowIfNull(tensors);
        TensorSequence.Check(tensors);
        foreach (var tensor in tensors)
        {
            if (tensor.Format.GgufType is null || tensor.Shape.Count > 4 || tensor.Shape.Contains(0))
            {
                throw new ArgumentException(
                    $"GGUF cannot hold the tensor '{tensor.Name}': {tensor.Format} [{string.Join(", ", tensor.Shape)}].", nameof(tensors));
            }
        }
        int alignment = (int)GgufShard.ReadAlignment(metadata);
        _sequence = new TensorSequence(path, Header(metadata, tensors, alignment), tensors, alignment);
    }

    /// <summary>Appends data to the tensor whose turn it is.</summary>
    /// <param name="tensor">Its name, as a check.</param>
    /// <param name="bytes">Encoded values: any part of what it has left.</param>
    /// <exception cref="InvalidOperationException">It is another tensor's turn, or the bytes are too many.</exception>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    public void Write(string tensor, ReadOnlySpan<byte> bytes) => _sequence.Write(tensor, bytes);

    /// <summary>Finishes the file and gives it its name.</summary>
    /// <exception cref="InvalidOperationException">Data is missing.</exception>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    public void Complete() => _sequence.Complete();

    /// <summary>Deletes the unfinished file, if it is not complete.</summary>
    public void Dispose() => _sequence.Dispose();

    /// <summary>Everything before the data.</summary>
    internal static byte[] Header(GgufMetadata metadata, IReadOnlyList<TensorDeclaration> tensors, int alignment)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Utf8);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write((long)tensors.Count);
        writer.Write((long)metadata.Count);
        foreach (var (key, value) in metadata)
        {
            WriteString(writer, Utf8.GetBytes(key));
            writer.Write((int)value.Type);
            WriteValue(writer, value);
        }
        long offset = 0;
        foreach (var tensor in tensors)
        {
            WriteString(writer, Utf8.GetBytes(tensor.Name));
            writer.Write(tensor.Shape.Count);
            foreach (long size in tensor.Shape.Reverse())
                writer.Write(size);
            writer.Write(tensor.Format.GgufType!.Value);
            writer.Write(offset);
            offset = checked(offset + (tensor.ByteLength + alignment - 1) / alignment * alignment);
        }
        writer.Flush();
        return stream.ToArray();
    }

    private static void WriteString(BinaryWriter writer, ReadOnlySpan<byte> utf8)
    {
        writer.Write((long)utf8.Length);
        writer.Write(utf8);
    }

    private static void WriteValue(BinaryWriter writer, GgufValue value)
    {
        if (value.Type == GgufValueType.String)
            WriteString(writer, value.Utf8);
        else if (value.Array is { } array)
            WriteArray(writer, array);
        else
            WriteScalar(writer, value.Boxed);
    }

    private static void WriteArray(BinaryWriter writer, GgufArray array)
    {
        writer.Write((int)array.ElementType);
        writer.Write((long)array.Count);
        writer.Flush();
        if (array.TryCopyTo(writer.BaseStream))
            return;
        foreach (object element in array.Elements)
        {
            if (element is GgufArray nested)
                WriteArray(writer, nested);
            else
                WriteScalar(writer, element);
        }
    }

    private static void WriteScalar(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case bool v: writer.Write(v); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            default: WriteString(writer, Utf8.GetBytes((string)value)); break;
        }
    }
}
