namespace Ponder.Models.Hub;

/// <summary>A snapshot of a repository in the cache.</summary>
/// <param name="Repo">The repository, <c>org/name</c>.</param>
/// <param name="Revisions">The branches and tags that stand for it here; may be empty.</param>
/// <param name="Commit">Its commit; empty where only an unfinished download is there.</param>
/// <param name="Kind">How it stores its weights.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Files">The files that are whole, by name.</param>
/// <param name="Missing">Files that are wanting: shards of a split model, the <c>config.json</c> of safetensors.</param>
/// <param name="UnfinishedBytes">Bytes of this repository's downloads that are not finished.</param>
public sealed record CachedModel(
    string Repo,
    IReadOnlyList<string> Revisions,
    string Commit,
    ModelKind Kind,
    string Path,
    IReadOnlyList<CachedFile> Files,
    IReadOnlyList<string> Missing,
    long UnfinishedBytes)
{
    /// <summary>The size of its files together; a blob that two snapshots share counts in both.</summary>
    public long Bytes => Files.Sum(file => file.Bytes);

    /// <summary>Whether nothing is missing and no download is open.</summary>
    public bool IsComplete => Missing.Count == 0 && UnfinishedBytes == 0;

    /// <summary>The names under which <see cref="ModelCache.Resolve"/> finds its GGUF models, or its folder of safetensors.</summary>
    public IReadOnlyList<string> Names => Kind switch
    {
        ModelKind.Gguf => [.. FileChoice.GgufModels(Files.Select(file => file.Name)).Select(file => $"{Repo}:{file}")],
        ModelKind.Safetensors => [Repo],
        _ => [],
    };
}

/// <summary>A file of a cached snapshot.</summary>
/// <param name="Name">Its path in the repository, with forward slashes.</param>
/// <param name="Bytes">Its size.</param>
public sealed record CachedFile(string Name, long Bytes);
