using System.Diagnostics;

namespace Ponder.Models.Hub;

/// <summary>
/// Pulls models from a hub that speaks the Hugging Face HTTP interface into the cache that other tools share.
/// Safe to use from several threads and several processes on one cache at once.
/// </summary>
public sealed class HubClient : IDisposable
{
    /// <summary>The revision a pull takes when none is named.</summary>
    public const string DefaultRevision = "main";

    private const long LargestListing = 64L << 20;
    private const int ListingAttempts = 3;

    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(100);

    private readonly HubOptions _options;
    private readonly HubTransport _transport;

    /// <summary>Creates a client.</summary>
    /// <param name="options">The settings, as <see cref="HubOptions.FromEnvironment"/> reads them.</param>
    /// <exception cref="HubException">The endpoint or the token cannot be used.</exception>
    public HubClient(HubOptions options)
    {
        options.Validate();
        _options = options with { CacheFolder = Path.GetFullPath(options.CacheFolder) };
        _transport = new HubTransport(options);
    }

    /// <summary>Lists the files of a repository.</summary>
    /// <param name="repo">The repository, <c>org/name</c>.</param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="note">Told of retries, as clauses without a full stop.</param>
    /// <param name="stop">Cancels the request.</param>
    /// <exception cref="HubException">It does not exist, may not be read, or the hub cannot be reached.</exception>
    public async Task<HubRepository> ListAsync(
        string repo, string revision = DefaultRevision, Action<string>? note = null, CancellationToken stop = default)
    {
        if (!HubReference.IsRepo(repo))
            throw new HubException($"'{SafeText.Of(repo)}' is not the name of a repository: write ORG/NAME.");
        if (!SafePath.IsSafe(revision))
            throw new HubException($"'{SafeText.Of(revision)}' is not the name of a revision.");
        RequireNetwork(repo);

        var subject = new HubSubject(repo, revision, File: null);
        byte[] json = await RetryAsync(
            $"Listing {subject}",
            ListingAttempts,
            async () =>
            {
                var address = Address($"api/models/{repo}/revision/{Uri.EscapeDataString(revision)}?blobs=true");
                using var answer = await _transport.SendAsync(HttpMethod.Get, address, offset: 0, subject, stop).ConfigureAwait(false);
                if ((answer.Response.Content.Headers.ContentLength ?? 0) > LargestListing)
                    throw new HubException($"The hub's list of the files of {repo} is larger than {LargestListing >> 20} MiB.");
                return await _transport.WithinAsync(
                    async patience =>
                    {
                        await answer.Response.Content.LoadIntoBufferAsync(LargestListing, patience).ConfigureAwait(false);
                        return await answer.Response.Content.ReadAsByteArrayAsync(patience).ConfigureAwait(false);
                    },
                    address.Host,
                    stop).ConfigureAwait(false);
            },
            note ?? (_ => { }),
            stop).ConfigureAwait(false);
        return HubListing.Read(json, repo, revision);
    }

    /// <summary>Brings a model into the cache; files that are there already are not fetched again.</summary>
    /// <param name="reference">
    /// <c>org/name</c>: the only GGUF model, or the safetensors with config and tokenizer. <c>org/name:FILE</c>: that file;
    /// <c>org/name:Q4_K_M</c>: the GGUF model with this in its name; <c>org/name:safetensors</c>: the safetensors of a repository
    /// that holds GGUF as well. All shards of a split file are fetched.
    /// </param>
    /// <param name="revision">A branch, tag or commit.</param>
    /// <param name="progress">Told how far it is, about ten times a second.</param>
    /// <param name="stop">Cancels the pull; what has come stays in the cache and the next pull goes on from there.</param>
    /// <exception cref="HubException">The model cannot be pulled; the message says why and what to do.</exception>
    public async Task<PulledModel> PullAsync(
        string reference, string revision = DefaultRevision, IProgress<HubProgress>? progress = null, CancellationToken stop = default)
    {
        var wanted = HubReference.Parse(reference);
        void Note(string text) => progress?.Report(new HubProgress(wanted.Repo, 0, 0, 0, 0, text));
        var listing = await ListAsync(wanted.Repo, revision, Note, stop).ConfigureAwait(false);
        var choice = FileChoice.Choose(wanted.Repo, [.. listing.Files.Select(file => file.Name)], wanted.Selector);
        var folders = new CacheFolders(_options.CacheFolder, wanted.Repo);
        string snapshot = folders.Snapshot(listing.Commit);
        try
        {
            var files = listing.Files.ToDictionary(file => file.Name);
            var pieces = new List<Piece>();
            foreach (string name in choice.Files)
            {
                var file = files[name];
                if (file.Hash is null || file.Bytes is null)
                    file = await DescribeAsync(listing, file, Note, stop).ConfigureAwait(false);
                pieces.Add(new Piece(name, file.Hash!, file.Bytes!.Value, SafePath.Join(snapshot, name)));
            }
            long missing = RequireSpace(folders, pieces);
            for (int i = 0; i < pieces.Count; i++)
                await FetchAsync(folders, listing, pieces[i], i + 1, pieces.Count, progress, stop).ConfigureAwait(false);

            // Last of all, so that a name never leads from a whole model to a half one.
            if (revision != listing.Commit)
                folders.WriteRef(revision, listing.Commit);
            string path = choice.Entry is null ? snapshot : SafePath.Join(snapshot, choice.Entry);
            long total = pieces.Sum(piece => piece.Bytes);
            return new PulledModel(wanted.Repo, revision, listing.Commit, choice.Kind, path, choice.Files, total, missing);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HubException(
                $"The cache {_options.CacheFolder} cannot be written: {error.Message.TrimEnd('.')}; what has come stays there.", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _transport.Dispose();

    private async Task FetchAsync(
        CacheFolders folders,
        HubRepository listing,
        Piece piece,
        int number,
        int count,
        IProgress<HubProgress>? progress,
        CancellationToken stop)
    {
        long done = 0;
        long last = 0;
        int told = 0;
        void Report(long bytes)
        {
            // The first two (what was there, and the first bytes that come) are told at once.
            bool due = told < 2 || bytes < done || bytes == piece.Bytes || Stopwatch.GetElapsedTime(last) >= ReportPeriod;
            done = bytes;
            if (!due)
                return;
            told++;
            last = Stopwatch.GetTimestamp();
            progress?.Report(new HubProgress(piece.Name, number, count, bytes, piece.Bytes));
        }
        void Note(string text) => progress?.Report(new HubProgress(piece.Name, number, count, done, piece.Bytes, text));

        string blob = folders.Blob(piece.Hash);
        void Waiting() => Note("waiting for another pull of this file");
        using var held = await CacheLock.AcquireAsync(folders.Lock(piece.Hash), Waiting, stop).ConfigureAwait(false);
        // Looked at under the lock: another process may just have finished it.
        if (CacheFolders.FileBytes(piece.Path) != piece.Bytes)
        {
            bool isNew = CacheFolders.FileBytes(blob) != piece.Bytes;
            if (isNew)
            {
                var subject = new HubSubject(listing.Repo, listing.Commit, piece.Name);
                var address = FileAddress(listing, piece.Name);
                var download = new BlobDownload(_transport, _options, address, subject, piece.Hash, piece.Bytes, Report, Note);
                await download.RunAsync(folders.Partial(piece.Hash), blob, stop).ConfigureAwait(false);
            }
            CacheFolders.Show(blob, piece.Path, isNew, _options.Symlinks);
        }
        if (done != piece.Bytes || told == 0)
            Report(piece.Bytes);
    }

    /// <summary>Asks for hash and size of a file whose listing does not give them.</summary>
    private async Task<HubFile> DescribeAsync(HubRepository listing, HubFile file, Action<string> note, CancellationToken stop)
    {
        var address = FileAddress(listing, file.Name);
        var subject = new HubSubject(listing.Repo, listing.Commit, file.Name);
        return await RetryAsync(
            $"Asking for {subject}",
            _options.Attempts,
            async () =>
            {
                using var answer = await _transport.SendAsync(HttpMethod.Head, address, offset: 0, subject, stop).ConfigureAwait(false);
                var response = answer.Response;
                string? etag = response.Headers.ETag is { } tag ? FileHeaders.Unquoted(tag.ToString()) : null;
                long? length = response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;
                string? hash = file.Hash ?? answer.Described.Hash ?? etag;
                long? bytes = file.Bytes ?? answer.Described.Bytes ?? length;
                return BlobHash.IsKnown(hash) && bytes is >= 0 and <= HubListing.LargestFile
                    ? file with { Hash = hash, Bytes = bytes }
                    : throw new HubException($"The hub does not tell the hash and the size of {subject}, so that it could not be checked.");
            },
            note,
            stop).ConfigureAwait(false);
    }

    private async Task<T> RetryAsync<T>(string work, int most, Func<Task<T>> attempt, Action<string> note, CancellationToken stop)
    {
        var attempts = new Attempts(_options, Math.Min(most, _options.Attempts), work, note);
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (TransientFailure failure)
            {
                await attempts.WaitAsync(failure, stop).ConfigureAwait(false);
            }
        }
    }

    /// <summary>How many bytes are still to come.</summary>
    /// <exception cref="HubException">The disk has no room for them.</exception>
    private long RequireSpace(CacheFolders folders, IEnumerable<Piece> pieces)
    {
        long missing = pieces
            .Where(piece => CacheFolders.FileBytes(piece.Path) != piece.Bytes)
            .Where(piece => CacheFolders.FileBytes(folders.Blob(piece.Hash)) != piece.Bytes)
            .DistinctBy(piece => piece.Hash)
            .Sum(piece => piece.Bytes - Math.Clamp(CacheFolders.FileBytes(folders.Partial(piece.Hash)), 0, piece.Bytes));
        Directory.CreateDirectory(_options.CacheFolder);
        long free = _options.FreeBytes(_options.CacheFolder);
        return missing <= free
            ? missing
            : throw new HubException(
                $"The disk of {_options.CacheFolder} has {free} bytes free, but {missing} are to come; make room or set HF_HUB_CACHE.");
    }

    private void RequireNetwork(string repo)
    {
        if (_options.Offline)
            throw new HubException($"{repo} is not asked for, since HF_HUB_OFFLINE is set.");
    }

    private Uri FileAddress(HubRepository listing, string name) =>
        Address($"{listing.Repo}/resolve/{listing.Commit}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}");

    private Uri Address(string path) => new($"{_options.Endpoint.ToString().TrimEnd('/')}/{path}");

    /// <summary>A file to fetch, and where it will be seen.</summary>
    private sealed record Piece(string Name, string Hash, long Bytes, string Path);
}
