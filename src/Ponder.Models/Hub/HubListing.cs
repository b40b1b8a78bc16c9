using System.Text.Json;

namespace Ponder.Models.Hub;

/// <summary>Reads the hub's answer to <c>GET /api/models/{repo}/revision/{revision}?blobs=true</c>.</summary>
internal static class HubListing
{
    /// <summary>No file is larger (4 TiB); sums over a whole listing stay within 64 bits.</summary>
    public const long LargestFile = 1L << 42;

    /// <exception cref="HubException">It is not such an answer, or names a file outside the repository.</exception>
    public static HubRepository Read(ReadOnlyMemory<byte> json, string repo, string revision)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            string? commit = Text(root, "sha");
            if (!SafePath.IsHex(commit, 40))
                throw Strange(repo, "'sha' is not a commit of 40 hexadecimal digits");
            if (!root.TryGetProperty("siblings", out var siblings) || siblings.ValueKind != JsonValueKind.Array)
                throw Strange(repo, "'siblings' is not a list of files");

            HubFile[] files = [.. siblings.EnumerateArray().Select(sibling => File(sibling, repo))];
            if (files.GroupBy(file => file.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
                throw Strange(repo, $"'{SafeText.Of(twice.Key)}' is there twice");
            return new HubRepository(repo, revision, commit!, files);
        }
        catch (JsonException error)
        {
            throw new HubException($"The hub's list of the files of {repo} is not valid JSON: {error.Message.TrimEnd('.')}.", error);
        }
    }

    private static HubFile File(JsonElement sibling, string repo)
    {
        string name = Text(sibling, "rfilename") ?? throw Strange(repo, "a file has no 'rfilename'");
        if (!SafePath.IsSafe(name))
        {
            throw new HubException(
                $"The hub lists a file '{SafeText.Of(name)}' in {repo}, a name that could lead outside the cache; nothing is pulled.");
        }

        // A large file is listed twice over: as git's small pointer (blobId) and as what it points to (lfs).
        var large = Member(sibling, "lfs");
        string? hash = large is { } lfs ? Text(lfs, "sha256") ?? Text(lfs, "oid") : Text(sibling, "blobId");
        hash = hash?.ToLowerInvariant().Replace("sha256:", "", StringComparison.Ordinal);
        if (hash is not null && !BlobHash.IsKnown(hash))
            throw Strange(repo, $"the hash of '{SafeText.Of(name)}' is '{SafeText.Of(hash)}'");
        return new HubFile(name, (large is { } l ? Size(l, repo, name) : null) ?? Size(sibling, repo, name), hash);
    }

    private static long? Size(JsonElement element, string repo, string name)
    {
        if (!element.TryGetProperty("size", out var size) || size.ValueKind == JsonValueKind.Null)
            return null;
        return size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long bytes) && bytes is >= 0 and <= LargestFile
            ? bytes
            : throw Strange(repo, $"the size of '{SafeText.Of(name)}' is {SafeText.Of(size.GetRawText())}");
    }

    private static JsonElement? Member(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static HubException Strange(string repo, string what) =>
        new($"The hub's list of the files of {repo} cannot be used: {what}.");
}
