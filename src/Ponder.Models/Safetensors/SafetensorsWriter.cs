using System.Buffers.Binary;
using System.Text.Json;
using Ponder.Models.Files;

namespace Ponder.Models.Safetensors;

/// <summary>
/// Writes a safetensors file. The tensors are declared first and their data follows in the same order in pieces of any size.
/// The file appears under its name only with <see cref="Complete"/>.
/// </summary>
public sealed class SafetensorsWriter : IDisposable
{
    private readonly TensorSequence _sequence;

    /// <summary>Begins a file and writes its header, padded with spaces so that the data begins at a multiple of 8 bytes.</summary>
    /// <param name="path">The file; one that is there is replaced at the end.</param>
    /// <param name="tensors">The tensors, in the order of their data; 0 is a valid dimension.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>, or null for none.</param>
    /// <exception cref="ArgumentException">A tensor cannot be written.</exception>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    public SafetensorsWriter(string path, IReadOnlyList<TensorDeclaration> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        TensorSequence.Check(tensors);
        _sequence = new TensorSequence(path, Header(tensors, metadata), tensors, alignment: 1);
    }

    /// <inheritdoc cref="Gguf.GgufWriter.Write"/>
    public void Write(string tensor, ReadOnlySpan<byte> bytes) => _sequence.Write(tensor, bytes);

    /// <inheritdoc cref="Gguf.GgufWriter.Complete"/>
    public void Complete() => _sequence.Complete();

    /// <summary>Deletes the unfinished file, if it is not complete.</summary>
    public void Dispose() => _sequence.Dispose();

    /// <summary>The length and the JSON.</summary>
    internal static byte[] Header(IReadOnlyList<TensorDeclaration> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        using var stream = new MemoryStream();
        stream.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            long offset = 0;
            foreach (var tensor in tensors)
                WriteTensor(json, tensor, ref offset);
            json.WriteEndObject();
        }
        while (stream.Length % 8 != 0)
            stream.WriteByte((byte)' ');
        byte[] header = stream.ToArray();
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - 8);
        return header;
    }

    private static void WriteTensor(Utf8JsonWriter json, TensorDeclaration tensor, ref long offset)
    {
        if (tensor.Format.SafetensorsType is not { } dtype || tensor.Name == "__metadata__")
            throw new ArgumentException($"Safetensors cannot hold the tensor '{tensor.Name}' of {tensor.Format}.");
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", dtype);
        json.WriteStartArray("shape");
        foreach (long size in tensor.Shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(offset);
        offset = checked(offset + tensor.ByteLength);
        json.WriteNumberValue(offset);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
