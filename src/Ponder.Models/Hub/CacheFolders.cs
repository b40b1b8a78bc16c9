namespace Ponder.Models.Hub;

/// <summary>
/// The folders of one repository in the cache, in the layout that hub tools share:
/// <c>models--org--name/blobs/HASH</c> holds the bytes, <c>snapshots/COMMIT/FILE</c> links to them, and
/// <c>refs/REVISION</c> holds a commit. Locks lie beside, in <c>.locks/models--org--name/HASH.lock</c>.
/// </summary>
internal sealed class CacheFolders(string cache, string repo)
{
    private const string Prefix = "models--";
    private const string Separator = "--";

    public string Repository { get; } = Path.Combine(cache, FolderName(repo));

    public string Blobs => Path.Combine(Repository, "blobs");

    public string Snapshots => Path.Combine(Repository, "snapshots");

    public string Refs => Path.Combine(Repository, "refs");

    public string Blob(string hash) => Path.Combine(Blobs, hash);

    public string Partial(string hash) => Path.Combine(Blobs, hash + ".incomplete");

    public string Snapshot(string commit) => Path.Combine(Snapshots, commit);

    public string Lock(string hash) => Path.Combine(cache, ".locks", FolderName(repo), hash + ".lock");

    /// <summary>The repository that a folder of the cache belongs to, or null when it is no model's.</summary>
    public static string? RepoOf(string folderName)
    {
        if (!folderName.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        string[] parts = folderName[Prefix.Length..].Split(Separator, 2);
        string repo = string.Join('/', parts);
        return HubReference.IsRepo(repo) ? repo : null;
    }

    /// <summary>Records that a revision stands for a commit.</summary>
    public void WriteRef(string revision, string commit)
    {
        string path = SafePath.Join(Refs, revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string draft = $"{path}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(draft, commit);
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>The commit that a revision stands for, or null.</summary>
    public string? ReadRef(string revision)
    {
        string path = SafePath.Join(Refs, revision);
        return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && SafePath.IsHex(commit, 40) ? commit : null;
    }

    /// <summary>
    /// Makes <paramref name="link"/> show the bytes of a blob: by a relative symbolic link, or where the file system has
    /// none by the blob itself, which is then moved (copied when it was there before and others may point to it).
    /// </summary>
    public static void Show(string blob, string link, bool blobIsNew, bool symlinks)
    {
        string folder = Path.GetDirectoryName(link)!;
        Directory.CreateDirectory(folder);
        File.Delete(link);
        if (symlinks && TryLink(Path.GetRelativePath(folder, blob), link))
            return;
        if (blobIsNew)
        {
            File.Move(blob, link, overwrite: true);
            return;
        }
        string draft = $"{link}.{Guid.NewGuid():N}.tmp";
        File.Copy(blob, draft);
        File.Move(draft, link, overwrite: true);
    }

    /// <summary>The size of a file behind any links, or -1 when there is none.</summary>
    public static long FileBytes(string path)
    {
        try
        {
            var file = new FileInfo(path);
            FileSystemInfo? end = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true);
            return end is FileInfo { Exists: true } target ? target.Length : -1;
        }
        catch (IOException)
        {
            return -1; // a link that leads in a circle, or away while we looked
        }
    }

    /// <summary>Free bytes of the file system that a folder lies on; the largest number where it does not tell.</summary>
    public static long FreeBytes(string folder)
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return long.MaxValue;
        }
    }

    private static string FolderName(string repo) => Prefix + repo.Replace("/", Separator, StringComparison.Ordinal);

    private static bool TryLink(string target, string link)
    {
        try
        {
            File.CreateSymbolicLink(link, target);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
        {
            return false; // Windows without the right to, FAT, some network file systems
        }
    }
}
