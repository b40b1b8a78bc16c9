using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ponder.Models.Files;

namespace Ponder.Models.Safetensors;

/// <summary>A model in the safetensors format: one file, or an index (<c>model.safetensors.index.json</c>) with its shards.</summary>
public sealed class SafetensorsFile : ITensorFile
{
    private const int MaxShards = 10_000;

    private readonly List<MappedFile> _files;
    private readonly TensorTable _table;

    private SafetensorsFile(List<MappedFile> files, TensorTable table, IReadOnlyDictionary<string, string> metadata)
    {
        _files = files;
        _table = table;
        Metadata = metadata;
        FileBytes = files.Sum(f => f.Length);
    }

    /// <inheritdoc/>
    public string Path => _files[0].Path;

    /// <summary>The strings of <c>__metadata__</c> (of the first shard where there are several); empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Tensors => _table.Tensors;

    /// <inheritdoc/>
    public long FileBytes { get; }

    /// <summary>Opens a file, or all shards of an index.</summary>
    /// <param name="path">A <c>.safetensors</c> file, or an index that ends in <c>.json</c>.</param>
    /// <exception cref="ModelFileException">A file is absent, cannot be read, or is not sound.</exception>
    public static SafetensorsFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var files = new List<MappedFile>();
        try
        {
            return path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? OpenIndex(path, files) : OpenOne(path, files);
        }
        catch
        {
            foreach (var file in files)
                file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out Tensor? tensor) => _table.TryGet(name, out tensor);

    /// <inheritdoc/>
    public unsafe void GiveBack(byte* data, long bytes) => _files.ForEach(file => file.GiveBack(data, bytes));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _files)
            file.Dispose();
    }

    private static SafetensorsFile OpenOne(string path, List<MappedFile> files)
    {
        files.Add(MappedFile.Open(path));
        var header = SafetensorsHeader.Read(files[0]);
        return new SafetensorsFile(files, header.Table, header.Metadata);
    }

    private static SafetensorsFile OpenIndex(string path, List<MappedFile> files)
    {
        var map = ReadIndex(path);
        string folder = System.IO.Path.GetDirectoryName(path) ?? "";
        var table = new TensorTable();
        var headers = new Dictionary<string, SafetensorsHeader>(StringComparer.Ordinal);
        foreach (string name in map.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            string shard = System.IO.Path.Combine(folder, name);
            if (!File.Exists(shard))
                throw new ModelFileException(shard, $"the shard is missing that {System.IO.Path.GetFileName(path)} names");
            files.Add(MappedFile.Open(shard));
            var header = SafetensorsHeader.Read(files[^1]);
            headers.Add(name, header);
            foreach (var tensor in header.Table.Tensors)
                table.Add(shard, tensor);
        }
        foreach (var (tensor, shard) in map)
        {
            if (!headers[shard].Table.TryGet(tensor, out _))
                throw new ModelFileException(path, $"the tensor '{tensor}' is said to be in {shard}, but is not there");
        }
        return new SafetensorsFile(files, table, headers.OrderBy(h => h.Key, StringComparer.Ordinal).First().Value.Metadata);
    }

    /// <summary>Reads <c>weight_map</c>: the shard of every tensor.</summary>
    internal static Dictionary<string, string> ReadIndex(string path)
    {
        using var file = MappedFile.Open(path);
        if (file.Length > SafetensorsHeader.MaxHeaderBytes)
            throw new ModelFileException(path, $"it has {file.Length} bytes, too many for an index");
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        var shards = new HashSet<string>(StringComparer.Ordinal);
        JsonInput.Read(path, "the index", file.Slice(0, (int)file.Length), Root);
        if (map.Count == 0)
            throw new ModelFileException(path, "its weight_map is missing or empty");
        return map;

        void Root(ref Utf8JsonReader reader)
        {
            JsonInput.Expect(ref reader, JsonTokenType.StartObject, "an object");
            while (JsonInput.ReadKey(ref reader) is { } key)
            {
                reader.Read();
                if (key == "weight_map")
                    Map(ref reader);
                else
                    reader.Skip();
            }
        }

        void Map(ref Utf8JsonReader reader)
        {
            JsonInput.Expect(ref reader, JsonTokenType.StartObject, "an object for weight_map");
            while (JsonInput.ReadKey(ref reader) is { } tensor)
            {
                reader.Read();
                JsonInput.Expect(ref reader, JsonTokenType.String, $"a file name for '{tensor}'");
                string shard = reader.GetString()!;
                // A shard lies beside its index; a path would let an index read files elsewhere.
                if (shard.Length == 0 || shard is "." or ".." || shard.AsSpan().ContainsAny("/\\\0"))
                    throw new ModelFileException(path, $"the shard of '{tensor}' is '{shard}', but a plain file name is wanted");
                if (map.Count == TensorTable.MaxTensors || (shards.Add(shard) && shards.Count > MaxShards))
                    throw new ModelFileException(path, $"it names more than {TensorTable.MaxTensors} tensors or {MaxShards} shards");
                if (!map.TryAdd(tensor, shard))
                    throw new ModelFileException(path, $"the tensor '{tensor}' appears twice");
            }
        }
    }
}
