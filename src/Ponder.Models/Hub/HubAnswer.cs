namespace Ponder.Models.Hub;

/// <summary>What a request is about, for messages.</summary>
internal sealed record HubSubject(string Repo, string Revision, string? File)
{
    public override string ToString() =>
        File is null ? $"the files of {Repo} at {SafeText.Of(Revision)}" : $"{SafeText.Of(File)} of {Repo}";
}

/// <summary>An answer with the headers that describe the file, gathered along its redirects.</summary>
internal sealed record HubAnswer(HttpResponseMessage Response, FileHeaders Described) : IDisposable
{
    public void Dispose() => Response.Dispose();
}

/// <summary>The headers a hub describes a file with.</summary>
/// <param name="Commit">X-Repo-Commit.</param>
/// <param name="Hash">X-Linked-Etag, the hash of a large file whose bytes lie elsewhere.</param>
/// <param name="Bytes">X-Linked-Size, its size.</param>
internal sealed record FileHeaders(string? Commit, string? Hash, long? Bytes)
{
    public static FileHeaders Of(HttpResponseMessage response) => new(
        Header(response, "X-Repo-Commit"),
        Header(response, "X-Linked-Etag") is { } etag ? Unquoted(etag) : null,
        long.TryParse(Header(response, "X-Linked-Size"), out long bytes) && bytes >= 0 ? bytes : null);

    /// <summary>These, completed by those of a later hop.</summary>
    public FileHeaders Or(FileHeaders later) => new(Commit ?? later.Commit, Hash ?? later.Hash, Bytes ?? later.Bytes);

    public static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;

    /// <summary>The text of an ETag: without quotes and the mark of a weak one.</summary>
    public static string Unquoted(string etag) =>
        (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"').ToLowerInvariant();
}
