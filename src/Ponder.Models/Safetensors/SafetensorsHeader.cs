using System.Text.Json;
using Ponder.Models.Files;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Safetensors;

/// <summary>
/// Reads a safetensors header: 8 bytes of length, then JSON that gives every tensor a dtype, a shape and the range of its bytes,
/// counted from the end of the header, and may hold a map of strings called <c>__metadata__</c>.
/// </summary>
internal sealed unsafe class SafetensorsHeader
{
    /// <summary>The longest header that the format allows.</summary>
    public const long MaxHeaderBytes = 100_000_000;

    private const string MetadataKey = "__metadata__";
    private const int MaxMetadata = 65_536;
    private const int MaxDimensions = 64;

    private readonly MappedFile _file;
    private readonly long _data;
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);
    private readonly List<Range> _ranges = [];

    private SafetensorsHeader(MappedFile file, long data)
    {
        _file = file;
        _data = data;
    }

    /// <summary>The tensors in the order of the header.</summary>
    public TensorTable Table { get; } = new();

    /// <summary>The strings of <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata;

    /// <summary>Reads and checks the header of a mapped file.</summary>
    /// <exception cref="ModelFileException">It is not sound.</exception>
    public static SafetensorsHeader Read(MappedFile file)
    {
        if (file.Length < 8)
            throw new ModelFileException(file.Path, $"it has {file.Length} bytes, too few for a safetensors header");
        ulong length = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(file.Slice(0, 8));
        if (length > MaxHeaderBytes)
        {
            throw new ModelFileException(
                file.Path, $"its header would have {length} bytes, but safetensors allows {MaxHeaderBytes}: is it a safetensors file?");
        }
        if ((long)length > file.Length - 8)
            throw new ModelFileException(file.Path, $"its header would have {length} bytes, but {file.Length - 8} are left in the file");
        var json = file.Slice(8, (int)length);
        if (json.IsEmpty || json[0] != '{')
            throw new ModelFileException(file.Path, "its header does not begin with '{' (at offset 8)");
        var header = new SafetensorsHeader(file, 8 + (long)length);
        JsonInput.Read(file.Path, "the safetensors header", json, header.ReadRoot);
        header.CheckCoverage();
        return header;
    }

    private void ReadRoot(ref Utf8JsonReader reader)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartObject, "an object");
        bool metadataSeen = false;
        while (JsonInput.ReadKey(ref reader) is { } name)
        {
            reader.Read();
            if (name != MetadataKey)
                ReadTensor(ref reader, name);
            else if (metadataSeen)
                throw Error($"{MetadataKey} appears twice");
            else
            {
                metadataSeen = true;
                ReadMetadata(ref reader);
            }
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartObject, $"an object for {MetadataKey}");
        while (JsonInput.ReadKey(ref reader) is { } key)
        {
            reader.Read();
            JsonInput.Expect(ref reader, JsonTokenType.String, $"a string for '{key}' in {MetadataKey}");
            if (_metadata.Count == MaxMetadata)
                throw Error($"{MetadataKey} has more than {MaxMetadata} entries");
            if (!_metadata.TryAdd(key, reader.GetString()!))
                throw Error($"'{key}' appears twice in {MetadataKey}");
        }
    }

    private void ReadTensor(ref Utf8JsonReader reader, string name)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartObject, $"an object for the tensor '{name}'");
        string? dtype = null;
        long[]? shape = null, offsets = null;
        while (JsonInput.ReadKey(ref reader) is { } field)
        {
            reader.Read();
            bool seen = field switch
            {
                "dtype" => dtype is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => false,
            };
            if (seen)
                throw Error($"the tensor '{name}' has the field '{field}' twice");
            switch (field)
            {
                case "dtype":
                    JsonInput.Expect(ref reader, JsonTokenType.String, $"a string for the dtype of '{name}'");
                    dtype = reader.GetString();
                    break;
                case "shape":
                    shape = ReadNumbers(ref reader, name, field, MaxDimensions);
                    break;
                case "data_offsets":
                    offsets = ReadNumbers(ref reader, name, field, 2);
                    break;
                default:
                    throw Error($"the tensor '{name}' has the unknown field '{field}'");
            }
        }
        if (dtype is null || shape is null || offsets is not { Length: 2 })
            throw Error($"the tensor '{name}' needs dtype, shape and two data_offsets");
        Add(name, dtype, shape, offsets[0], offsets[1]);
    }

    private long[] ReadNumbers(ref Utf8JsonReader reader, string name, string field, int most)
    {
        JsonInput.Expect(ref reader, JsonTokenType.StartArray, $"an array for {field} of '{name}'");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw Error($"{field} of the tensor '{name}' holds something that is no integer of 0 to {long.MaxValue}");
            if (numbers.Count == most)
                throw Error($"{field} of the tensor '{name}' has more than {most} numbers");
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private void Add(string name, string dtype, long[] shape, long begin, long end)
    {
        var format = NumberFormats.FromSafetensorsType(dtype);
        if (format is null)
        {
            string known = string.Join(", ", NumberFormats.All.Select(f => f.SafetensorsType).OfType<string>());
            throw Error($"the tensor '{name}' has the unknown dtype '{dtype}'; these are read: {known}");
        }
        long room = _file.Length - _data;
        if (begin > end || end > room)
            throw Error($"the tensor '{name}' has the data_offsets [{begin}, {end}], but the file has {room} bytes of data; is the file complete?");
        long bytes = TensorTable.ByteLength(_file.Path, name, format, shape);
        if (bytes != end - begin)
            throw Error($"the tensor '{name}' of {dtype} [{string.Join(", ", shape)}] takes {bytes} bytes, but its data_offsets span {end - begin}");
        Table.Add(_file.Path, new Tensor(name, format, shape, _file.Pointer + _data + begin, bytes));
        _ranges.Add(new Range(name, begin, end));
    }

    /// <summary>The format wants every byte of data to belong to exactly one tensor.</summary>
    private void CheckCoverage()
    {
        _ranges.Sort((a, b) => a.Begin != b.Begin ? a.Begin.CompareTo(b.Begin) : a.End.CompareTo(b.End));
        long position = 0;
        foreach (var range in _ranges)
        {
            if (range.Begin != position)
            {
                throw Error(range.Begin < position
                    ? $"the tensor '{range.Name}' overlaps the one before it (data offset {range.Begin})"
                    : $"the data has a hole of {range.Begin - position} bytes before the tensor '{range.Name}'");
            }
            position = range.End;
        }
        if (position != _file.Length - _data)
            throw Error($"{_file.Length - _data - position} bytes of data at its end belong to no tensor");
    }

    private ModelFileException Error(string message) => new(_file.Path, message);

    private readonly record struct Range(string Name, long Begin, long End);
}
