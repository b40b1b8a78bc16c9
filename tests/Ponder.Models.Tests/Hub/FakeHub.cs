using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ponder.Models.Hub;

namespace Ponder.Models.Tests.Hub;

/// <summary>A hub with one repository, a content server beside it for the large files, and a cache folder that goes with it.</summary>
internal sealed class FakeHub : IDisposable
{
    public const string Repo = "org/model";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    public const string Token = "hf_secret";

    private readonly Dictionary<string, byte[]> _files = [];
    private readonly LoopbackServer _hub;
    private readonly LoopbackServer _content;

    public FakeHub()
    {
        _content = new LoopbackServer(request => OnContent(request) ?? Ranged(request, _files[request.Target.Split('?')[0][1..]]));
        _hub = new LoopbackServer(request => OnHub(request) ?? Answer(request));
        Cache = Path.Combine(Path.GetTempPath(), $"ponder-hub-{Guid.NewGuid():N}");
    }

    public string Cache { get; }

    /// <summary>Answers instead of the hub where it gives something.</summary>
    public Func<Seen, Reply?> OnHub { get; set; } = _ => null;

    /// <summary>Answers instead of the content server where it gives something.</summary>
    public Func<Seen, Reply?> OnContent { get; set; } = _ => null;

    /// <summary>Whether the listing gives sizes and hashes.</summary>
    public bool ListsBlobs { get; set; } = true;

    public IReadOnlyList<Seen> HubRequests => _hub.Requests;

    public IReadOnlyList<Seen> ContentRequests => _content.Requests;

    public HubOptions Options => new()
    {
        Endpoint = _hub.Address,
        CacheFolder = Cache,
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(5),
        StallTimeout = TimeSpan.FromSeconds(10),
        Attempts = 4,
    };

    public byte[] Add(string name, int bytes = 1000)
    {
        byte[] content = new byte[bytes];
        new Random(name.Length + bytes).NextBytes(content);
        return _files[name] = content;
    }

    public async Task<PulledModel> PullAsync(
        string reference = Repo, HubOptions? options = null, Action<HubProgress>? progress = null, CancellationToken stop = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var client = new HubClient(options ?? Options);
        return await client.PullAsync(reference, progress: progress is null ? null : new Direct(progress), stop: limit.Token);
    }

    public string Blob(string name) => Path.Combine(Cache, "models--org--model", "blobs", Hash(name));

    public string Partial(string name) => Blob(name) + ".incomplete";

    public string Snapshot(string name = "") => Path.Combine(Cache, "models--org--model", "snapshots", Commit, name);

    public string Hash(string name) => IsLarge(name)
        ? Convert.ToHexStringLower(SHA256.HashData(_files[name]))
        : Convert.ToHexStringLower(CryptographicOperations.HashData(
            HashAlgorithmName.SHA1, [.. Encoding.ASCII.GetBytes($"blob {_files[name].Length}\0"), .. _files[name]]));

    /// <summary>The bytes of a file from where the request wants them.</summary>
    public static Reply Ranged(Seen request, byte[] content) => request.From == 0
        ? new Reply(200, content)
        : new Reply(206, content[(int)request.From..], ("Content-Range", $"bytes {request.From}-{content.Length - 1}/{content.Length}"));

    public void Dispose()
    {
        _hub.Dispose();
        _content.Dispose();
        if (Directory.Exists(Cache))
            Directory.Delete(Cache, recursive: true);
    }

    private static bool IsLarge(string name) =>
        name.EndsWith(".gguf", StringComparison.Ordinal) || name.EndsWith(".safetensors", StringComparison.Ordinal);

    private Reply Answer(Seen request)
    {
        if (request.Target.StartsWith($"/api/models/{Repo}/revision/", StringComparison.Ordinal))
            return new Reply(200, Encoding.UTF8.GetBytes(Listing()));
        string name = request.Target.Split($"/resolve/{Commit}/")[^1];
        if (!_files.TryGetValue(name, out byte[]? content))
            return new Reply(404);
        if (!IsLarge(name))
            return Ranged(request, content) with { Headers = [("ETag", $"\"{Hash(name)}\""), ("X-Repo-Commit", Commit)] };
        return new Reply(302, null,
            ("Location", $"{_content.Address}{name}?signature=abc"), ("X-Repo-Commit", Commit),
            ("X-Linked-Etag", $"\"{Hash(name)}\""), ("X-Linked-Size", $"{content.Length}"));
    }

    private string Listing() => JsonSerializer.Serialize(new
    {
        sha = Commit,
        siblings = _files.Select(file =>
        {
            var sibling = new Dictionary<string, object> { ["rfilename"] = file.Key };
            if (!ListsBlobs)
                return sibling;
            sibling["size"] = file.Value.Length;
            if (IsLarge(file.Key))
            {
                sibling["blobId"] = new string('0', 40);
                sibling["lfs"] = new { sha256 = Hash(file.Key), size = file.Value.Length, pointerSize = 130 };
            }
            else
            {
                sibling["blobId"] = Hash(file.Key);
            }
            return sibling;
        }),
    });

    private sealed class Direct(Action<HubProgress> report) : IProgress<HubProgress>
    {
        public void Report(HubProgress value) => report(value);
    }
}
