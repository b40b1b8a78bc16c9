using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Ponder.Models.Files;

namespace Ponder.Models.Gguf;

/// <summary>
/// A GGUF model, in one file or in parts named <c>NAME-00001-of-00003.gguf</c>. Versions 2 and 3, little endian.
/// A vocabulary alone, without tensors, is a valid file.
/// </summary>
public sealed partial class GgufFile : ITensorFile
{
    private readonly List<GgufShard> _shards;
    private readonly TensorTable _table;

    private GgufFile(List<GgufShard> shards)
    {
        _shards = shards;
        _table = shards[0].Table;
        if (shards.Count > 1)
        {
            _table = new TensorTable();
            foreach (var shard in shards)
            {
                foreach (var tensor in shard.Table.Tensors)
                    _table.Add(shard.Path, tensor);
            }
        }
        FileBytes = shards.Sum(s => s.Length);
    }

    /// <inheritdoc/>
    public string Path => _shards[0].Path;

    /// <summary>The format's version: 2 or 3.</summary>
    public int Version => _shards[0].Version;

    /// <summary>What the offsets of tensors are multiples of, in bytes.</summary>
    public long Alignment => _shards[0].Alignment;

    /// <summary>The metadata, of the first part where there are several.</summary>
    public GgufMetadata Metadata => _shards[0].Metadata;

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Tensors => _table.Tensors;

    /// <inheritdoc/>
    public long FileBytes { get; }

    /// <summary>Opens a model; any part of a split model opens all of them.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelFileException">A file is absent, cannot be read, or is not sound.</exception>
    public static GgufFile Open(string path)
    {
        var shards = new List<GgufShard>();
        try
        {
            var named = GgufShard.Open(path);
            shards.Add(named);
            if (named.Metadata.TryGetInt32("split.count", out int count) && count > 1)
            {
                shards.Clear();
                OpenParts(named, count, shards);
            }
            return new GgufFile(shards);
        }
        catch
        {
            foreach (var shard in shards)
                shard.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out Tensor? tensor) => _table.TryGet(name, out tensor);

    /// <inheritdoc/>
    public unsafe void GiveBack(byte* data, long bytes) => _shards.ForEach(shard => shard.GiveBack(data, bytes));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var shard in _shards)
            shard.Dispose();
    }

    [GeneratedRegex(@"^(?<name>.*)-(?<number>[0-9]{5})-of-(?<count>[0-9]{5})\.gguf$", RegexOptions.CultureInvariant)]
    private static partial Regex PartName();

    /// <summary>Opens the parts in order; <paramref name="named"/>, the one the caller named, serves as itself.</summary>
    private static void OpenParts(GgufShard named, int count, List<GgufShard> shards)
    {
        string folder = System.IO.Path.GetDirectoryName(named.Path) ?? "";
        var match = PartName().Match(System.IO.Path.GetFileName(named.Path));
        if (!match.Success || int.Parse(match.Groups["count"].ValueSpan, provider: null) != count)
        {
            named.Dispose();
            throw new ModelFileException(
                named.Path,
                $"it is one of {count} parts (split.count), so its name must end in -NNNNN-of-{count:D5}.gguf for the others to be found");
        }
        int own = int.Parse(match.Groups["number"].ValueSpan, provider: null) - 1;
        bool used = false;
        try
        {
            CheckPart(named, own, count);
            for (int i = 0; i < count; i++)
            {
                string path = System.IO.Path.Combine(folder, $"{match.Groups["name"].Value}-{i + 1:D5}-of-{count:D5}.gguf");
                if (i == own)
                    used = true;
                else if (!File.Exists(path))
                    throw new ModelFileException(path, $"part {i + 1} of {count} is missing");
                shards.Add(i == own ? named : GgufShard.Open(path));
                CheckPart(shards[i], i, count);
            }
        }
        finally
        {
            if (!used)
                named.Dispose();
        }
        long total = shards.Sum(s => (long)s.Table.Tensors.Count);
        if (shards[0].Metadata.TryGetInt64("split.tensors.count", out long wanted) && wanted != total)
            throw new ModelFileException(shards[0].Path, $"split.tensors.count is {wanted}, but the parts have {total} tensors");
    }

    private static void CheckPart(GgufShard shard, int number, int count)
    {
        int foundNumber = shard.Metadata.GetInt32("split.no"), foundCount = shard.Metadata.GetInt32("split.count");
        if (foundNumber != number || foundCount != count)
        {
            throw new ModelFileException(
                shard.Path, $"its metadata calls it part {foundNumber + 1L} of {foundCount}, but its name part {number + 1} of {count}");
        }
    }
}
