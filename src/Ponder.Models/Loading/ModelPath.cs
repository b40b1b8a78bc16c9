using Ponder.Models.Files;

namespace Ponder.Models.Loading;

/// <summary>What a path to a model means.</summary>
/// <param name="Weights">The GGUF file, the safetensors file, or the index of its shards.</param>
/// <param name="Folder">The folder of the config and tokenizer files; null for GGUF, which holds them itself.</param>
public sealed record ModelPath(string Weights, string? Folder)
{
    /// <summary>True for GGUF.</summary>
    public bool IsGguf => Folder is null;

    /// <summary>
    /// Reads a path: a <c>.gguf</c> file (any shard), a <c>.safetensors</c> file or its <c>.index.json</c> beside a <c>config.json</c>,
    /// or a folder with either.
    /// </summary>
    /// <exception cref="ModelFileException">There is no model, or more than one.</exception>
    public static ModelPath Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
            return InFolder(path);
        if (!File.Exists(path))
            throw new ModelFileException(path, "no such file or folder");
        string name = Path.GetFileName(path);
        if (name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase))
            return new ModelPath(path, null);
        if (name.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".safetensors.index.json", StringComparison.OrdinalIgnoreCase))
            return new ModelPath(path, Path.GetDirectoryName(Path.GetFullPath(path)));
        if (StartsWithGgufMagic(path))                          // blobs of a cache have no extension
            return new ModelPath(path, null);
        throw new ModelFileException(path, "not a model: Ponder reads .gguf, .safetensors, .safetensors.index.json, or a folder with one of these");
    }

    private static ModelPath InFolder(string folder)
    {
        if (File.Exists(Path.Combine(folder, "config.json")))
        {
            foreach (string name in (string[])["model.safetensors.index.json", "model.safetensors"])
            {
                if (File.Exists(Path.Combine(folder, name)))
                    return new ModelPath(Path.Combine(folder, name), folder);
            }
        }
        string[] files = [.. Directory.GetFiles(folder, "*.gguf").Where(IsFirstShard).Order(StringComparer.Ordinal)];
        return files.Length switch
        {
            1 => new ModelPath(files[0], null),
            0 => throw new ModelFileException(folder, "no model in this folder: neither config.json with model.safetensors nor a .gguf file"),
            _ => throw new ModelFileException(
                folder, $"more than one model in this folder; name one of {string.Join(", ", files.Select(Path.GetFileName))}"),
        };
    }

    private static bool IsFirstShard(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        int of = name.LastIndexOf("-of-", StringComparison.Ordinal);
        return of < 5 || name.AsSpan(of - 5, 5).ContainsAnyExceptInRange('0', '9') || name.AsSpan(of - 5, 5) is "00001";
    }

    private static bool StartsWithGgufMagic(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            Span<byte> magic = stackalloc byte[4];
            return file.ReadAtLeast(magic, 4, throwOnEndOfStream: false) == 4 && magic.SequenceEqual("GGUF"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFileException(path, $"cannot be read: {e.Message}", e);
        }
    }
}
