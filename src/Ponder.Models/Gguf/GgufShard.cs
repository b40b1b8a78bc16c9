using Ponder.Models.Files;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Gguf;

/// <summary>
/// One GGUF file, read and checked: version 2 or 3, little endian. Layout: magic, version, counts of tensors and keys; the keys with their
/// values; the tensor table; then, from the next multiple of the alignment on, the data.
/// </summary>
internal sealed class GgufShard : IDisposable
{
    private const uint Magic = 0x46554747; // "GGUF"
    private const int MaxDimensions = 4;
    private const long MaxAlignment = 1 << 20;

    private readonly MappedFile _file;

    private GgufShard(MappedFile file, int version, long alignment, GgufMetadata metadata, TensorTable table)
    {
        _file = file;
        Version = version;
        Alignment = alignment;
        Metadata = metadata;
        Table = table;
    }

    /// <summary>The file.</summary>
    public string Path => _file.Path;

    /// <summary>Its size in bytes.</summary>
    public long Length => _file.Length;

    /// <summary>2 or 3.</summary>
    public int Version { get; }

    /// <summary>What the offsets of tensors are multiples of, in bytes.</summary>
    public long Alignment { get; }

    public GgufMetadata Metadata { get; }

    public TensorTable Table { get; }

    /// <summary>Maps and reads a file.</summary>
    /// <exception cref="ModelFileException">It cannot be read, or is no sound GGUF file.</exception>
    public static GgufShard Open(string path)
    {
        var file = MappedFile.Open(path);
        try
        {
            return Read(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a mapped file, which the result then owns.</summary>
    /// <inheritdoc cref="Open"/>
    public static GgufShard Read(MappedFile file)
    {
        var cursor = new GgufCursor(file);
        int version = ReadVersion(cursor);
        int tensors = ReadCount(cursor, "the count of tensors", TensorTable.MaxTensors);
        int keys = ReadCount(cursor, "the count of metadata keys", GgufMetadata.MaxKeys);
        var metadata = ReadMetadata(file, cursor, keys);
        long alignment = ReadAlignment(metadata);
        var entries = new List<Entry>();
        for (int i = 0; i < tensors; i++)
            entries.Add(ReadEntry(file, cursor, alignment));
        long data = (cursor.Position + alignment - 1) / alignment * alignment;
        return new GgufShard(file, version, alignment, metadata, Place(file, entries, data));
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>Lets the system take back the memory of some bytes, if they lie in this part.</summary>
    public unsafe void GiveBack(byte* data, long bytes) => _file.GiveBack(data, bytes);

    private static int ReadVersion(GgufCursor cursor)
    {
        if (cursor.ReadUInt32() != Magic)
            throw cursor.Error("it is no GGUF file: it does not begin with 'GGUF'", 0);
        uint version = cursor.ReadUInt32();
        return version switch
        {
            2 or 3 => (int)version,
            1 => throw cursor.Error("it is GGUF version 1, which no current tool writes; convert the model again to get version 3", 4),
            _ when (version & 0xFFFF) == 0 => throw cursor.Error("it is a big-endian GGUF file; only little-endian ones are read", 4),
            _ => throw cursor.Error($"it is GGUF version {version}; versions 2 and 3 are read", 4),
        };
    }

    private static int ReadCount(GgufCursor cursor, string what, int most)
    {
        long start = cursor.Position;
        ulong count = cursor.ReadUInt64();
        return count <= (ulong)most ? (int)count : throw cursor.Error($"{what} is {count}; at most {most} are allowed", start);
    }

    private static GgufMetadata ReadMetadata(MappedFile file, GgufCursor cursor, int count)
    {
        var metadata = new GgufMetadata(file.Path);
        for (int i = 0; i < count; i++)
        {
            long start = cursor.Position;
            string key = cursor.ReadName("a metadata key");
            cursor.Subject = key;
            if (!metadata.TryAdd(key, cursor.ReadValue()))
                throw cursor.Error($"the metadata key '{key}' appears twice", start);
        }
        return metadata;
    }

    internal static long ReadAlignment(GgufMetadata metadata)
    {
        const string Key = "general.alignment";
        if (!metadata.TryGetInt64(Key, out long alignment))
            return 32;
        return alignment is >= 1 and <= MaxAlignment && long.IsPow2(alignment)
            ? alignment
            : throw new ModelFileException(metadata.Path, $"{Key} is {alignment}, but a power of two of at most {MaxAlignment} is wanted");
    }

    private static Entry ReadEntry(MappedFile file, GgufCursor cursor, long alignment)
    {
        long start = cursor.Position;
        string name = cursor.ReadName("a tensor's name");
        cursor.Subject = name;
        uint dimensions = cursor.ReadUInt32();
        if (dimensions > MaxDimensions)
            throw cursor.Error($"the tensor '{name}' has {dimensions} dimensions; at most {MaxDimensions} are allowed", start);
        var shape = new long[dimensions];
        // The file names the innermost dimension first, a Tensor the outermost.
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            ulong size = cursor.ReadUInt64();
            if (size is 0 or > long.MaxValue)
                throw cursor.Error($"the tensor '{name}' has a dimension of {size}", start);
            shape[i] = (long)size;
        }
        uint type = cursor.ReadUInt32();
        var format = type <= int.MaxValue ? NumberFormats.FromGgufType((int)type) : null;
        if (format is null)
        {
            string known = string.Join(", ", NumberFormats.All.Where(f => f.GgufType is not null).Select(f => f.Name));
            throw cursor.Error($"the tensor '{name}' has the unknown type {type}; these are read: {known}", start);
        }
        ulong offset = cursor.ReadUInt64();
        if (offset > long.MaxValue || offset % (ulong)alignment != 0)
            throw cursor.Error($"the tensor '{name}' lies at {offset}, which is no multiple of the alignment {alignment}", start);
        return new Entry(name, format, shape, (long)offset, TensorTable.ByteLength(file.Path, name, format, shape));
    }

    /// <summary>
    /// Turns the table's entries into tensors. Each must lie inside the file, and no two may overlap: writers never share bytes
    /// between tensors (tied weights are left out), so an overlap is a damaged table. Gaps are allowed.
    /// </summary>
    private static unsafe TensorTable Place(MappedFile file, List<Entry> entries, long data)
    {
        var table = new TensorTable();
        foreach (var entry in entries)
        {
            long room = Math.Max(0, file.Length - data) - entry.Offset;
            if (room < entry.ByteLength)
            {
                throw new ModelFileException(
                    file.Path,
                    $"the tensor '{entry.Name}' needs {entry.ByteLength} bytes, but {Math.Max(0, room)} are left in the file; is the file complete?");
            }
            table.Add(file.Path, new Tensor(entry.Name, entry.Format, entry.Shape, file.Pointer + data + entry.Offset, entry.ByteLength));
        }
        entries.Sort((a, b) => a.Offset.CompareTo(b.Offset));
        for (int i = 1; i < entries.Count; i++)
        {
            if (entries[i - 1].Offset + entries[i - 1].ByteLength > entries[i].Offset)
                throw new ModelFileException(file.Path, $"the tensors '{entries[i - 1].Name}' and '{entries[i].Name}' overlap");
        }
        return table;
    }

    private readonly record struct Entry(string Name, NumberFormat Format, long[] Shape, long Offset, long ByteLength);
}
