namespace Ponder.Models.Hub;

/// <summary>The files of a repository at one commit, as the hub lists them.</summary>
/// <param name="Repo">The name, <c>org/name</c>.</param>
/// <param name="Revision">The branch, tag or commit that was asked for.</param>
/// <param name="Commit">The commit it stands for: 40 hexadecimal digits.</param>
/// <param name="Files">Every file; the names are safe to join to a folder.</param>
public sealed record HubRepository(string Repo, string Revision, string Commit, IReadOnlyList<HubFile> Files);

/// <summary>A file of a repository.</summary>
/// <param name="Name">Its path in the repository, with forward slashes.</param>
/// <param name="Bytes">Its size, or null when the listing does not say.</param>
/// <param name="Hash">
/// Its content hash in lower-case hexadecimal, which is also the name of its blob in the cache: SHA-256 (64 digits)
/// of a large file, git's SHA-1 of the blob (40 digits) of a small one; null when the listing does not say.
/// </param>
public sealed record HubFile(string Name, long? Bytes, string? Hash);
