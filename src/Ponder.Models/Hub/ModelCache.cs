namespace Ponder.Models.Hub;

/// <summary>The models that are on this machine: reads the cache that <see cref="HubClient"/> and other tools fill.</summary>
/// <param name="folder">The cache folder; it need not exist.</param>
public sealed class ModelCache(string folder)
{
    private const int DeepestFolder = 8;
    private const int ShortestCommit = 7;

    /// <summary>The full path of the cache folder.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>
    /// Lists the snapshots of all repositories, by name; of one repository the current <c>main</c> comes first, then the newest.
    /// </summary>
    /// <exception cref="HubException">The cache cannot be read.</exception>
    public IReadOnlyList<CachedModel> List()
    {
        try
        {
            if (!Directory.Exists(Folder))
                return [];
            return
            [
                .. Directory.EnumerateDirectories(Folder)
                    .Select(path => CacheFolders.RepoOf(Path.GetFileName(path)))
                    .OfType<string>()
                    .Order(StringComparer.OrdinalIgnoreCase)
                    .SelectMany(Snapshots),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"The cache {Folder} cannot be read: {error.Message.TrimEnd('.')}.", error);
        }
    }

    /// <summary>Finds what to load for a name.</summary>
    /// <param name="name">
    /// <c>org/name</c> or <c>org/name:FILE</c> as given to <see cref="HubClient.PullAsync"/>, or without the organisation where
    /// only one repository has the name.
    /// </param>
    /// <param name="revision">A branch, tag or commit; when omitted, <c>main</c> and then the newest snapshot that has the model.</param>
    /// <returns>The full path of a GGUF file (the first shard), or of a folder of safetensors.</returns>
    /// <exception cref="HubException">There is no such model, or more than one; the message lists what is there.</exception>
    public string Resolve(string name, string? revision = null)
    {
        var wanted = HubReference.Parse(name);
        var all = List();
        var found = all.Where(model => Names(model.Repo, wanted.Repo)).ToArray();
        string[] repos = [.. found.Select(model => model.Repo).Distinct(StringComparer.Ordinal)];
        if (repos.Length > 1)
            throw new HubException($"'{SafeText.Of(wanted.Repo)}' is the name of {repos.Length} cached models: {SafeText.List(repos)}.");
        if (revision is not null)
            found = [.. found.Where(model => IsAt(model, revision))];
        if (found.Length == 0)
            throw NotThere(name, revision, all);

        HubException? refusal = null;
        foreach (var model in found)
        {
            try
            {
                var choice = FileChoice.Choose(model.Repo, [.. model.Files.Select(file => file.Name)], wanted.Selector);
                return choice.Entry is null ? model.Path : SafePath.Join(model.Path, choice.Entry);
            }
            catch (HubException error)
            {
                refusal ??= error;
            }
        }
        string unfinished = found[0].UnfinishedBytes > 0 ? " A download of it is not finished: pull it again." : "";
        throw new HubException($"In the cache, {refusal!.Message}{unfinished}", refusal);
    }

    private static bool Names(string repo, string wanted) =>
        repo.Equals(wanted, StringComparison.OrdinalIgnoreCase)
        || !wanted.Contains('/', StringComparison.Ordinal) && repo.EndsWith("/" + wanted, StringComparison.OrdinalIgnoreCase);

    private static bool IsAt(CachedModel model, string revision) =>
        model.Revisions.Contains(revision)
        || revision.Length >= ShortestCommit && model.Commit.StartsWith(revision, StringComparison.OrdinalIgnoreCase);

    private HubException NotThere(string name, string? revision, IReadOnlyList<CachedModel> all)
    {
        string at = revision is null ? "" : $" at revision {SafeText.Of(revision)}";
        string[] there = [.. all.SelectMany(model => model.Names).Distinct(StringComparer.Ordinal)];
        string rest = there.Length == 0 ? "which holds no model yet" : $"which holds {SafeText.List(there)}";
        return new HubException($"There is no '{SafeText.Of(name)}'{at} in the cache {Folder}, {rest}; `ponder pull` fetches models.");
    }

    private IEnumerable<CachedModel> Snapshots(string repo)
    {
        var folders = new CacheFolders(Folder, repo);
        long unfinished = Directory.Exists(folders.Blobs)
            ? Directory.EnumerateFiles(folders.Blobs, "*.incomplete").Sum(path => Math.Max(0, CacheFolders.FileBytes(path)))
            : 0;
        var revisions = Revisions(folders);
        string? main = revisions.FirstOrDefault(pair => pair.Revision == HubClient.DefaultRevision).Commit;
        CachedModel[] models =
        [
            .. Directories(folders.Snapshots)
                .Where(snapshot => SafePath.IsHex(snapshot.Name, 40))
                .OrderByDescending(snapshot => snapshot.Name == main)
                .ThenByDescending(snapshot => snapshot.LastWriteTimeUtc)
                .Select(snapshot => Read(repo, snapshot, revisions, unfinished)),
        ];
        if (models.Length > 0)
            return models;
        return unfinished > 0 ? [new CachedModel(repo, [], "", ModelKind.Other, folders.Repository, [], [], unfinished)] : [];
    }

    private static CachedModel Read(
        string repo, DirectoryInfo snapshot, IEnumerable<(string Revision, string Commit)> revisions, long unfinished)
    {
        var walk = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MaxRecursionDepth = DeepestFolder,
            AttributesToSkip = FileAttributes.None,
        };
        CachedFile[] files =
        [
            .. Directory.EnumerateFiles(snapshot.FullName, "*", walk)
                .Select(path => new CachedFile(RelativeName(snapshot.FullName, path), CacheFolders.FileBytes(path)))
                .Where(file => file.Bytes >= 0)
                .OrderBy(file => file.Name, StringComparer.Ordinal),
        ];
        string[] names = [.. files.Select(file => file.Name)];
        var kind = FileChoice.GgufModels(names).Count > 0 ? ModelKind.Gguf
            : names.Any(FileChoice.IsRootSafetensors) ? ModelKind.Safetensors
            : ModelKind.Other;
        var missing = FileChoice.MissingShards(names);
        if (kind == ModelKind.Safetensors && !names.Contains("config.json"))
            missing = ["config.json", .. missing];
        string[] here = [.. revisions.Where(pair => pair.Commit == snapshot.Name).Select(pair => pair.Revision)];
        return new CachedModel(repo, here, snapshot.Name, kind, snapshot.FullName, files, missing, unfinished);
    }

    private static List<(string Revision, string Commit)> Revisions(CacheFolders folders)
    {
        var revisions = new List<(string Revision, string Commit)>();
        if (!Directory.Exists(folders.Refs))
            return revisions;
        foreach (string path in Directory.EnumerateFiles(folders.Refs, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            string revision = RelativeName(folders.Refs, path);
            if (SafePath.IsSafe(revision) && folders.ReadRef(revision) is { } commit)
                revisions.Add((revision, commit));
        }
        return revisions;
    }

    private static string RelativeName(string folder, string path) =>
        Path.DirectorySeparatorChar == '/' ? Path.GetRelativePath(folder, path) : Path.GetRelativePath(folder, path).Replace('\\', '/');

    private static IEnumerable<DirectoryInfo> Directories(string folder) =>
        Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateDirectories() : [];
}
