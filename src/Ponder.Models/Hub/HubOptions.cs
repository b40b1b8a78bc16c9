using System.Globalization;

namespace Ponder.Models.Hub;

/// <summary>Where the hub is, who asks, where models are kept, and how patient a pull is.</summary>
public sealed record HubOptions
{
    /// <summary>The address that <c>/api/models/…</c> and <c>/{repo}/resolve/…</c> are appended to.</summary>
    public Uri Endpoint { get; init; } = new("https://huggingface.co");

    /// <summary>The access token, or null; sent to <see cref="Endpoint"/> and to no other host, never printed.</summary>
    public string? Token { get; init; }

    /// <summary>The cache folder; its layout is the one other tools share.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Refuse to touch the network.</summary>
    public bool Offline { get; init; }

    /// <summary>How many attempts in a row may fail without progress before a pull gives up; at least 1.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The pause after the first failed attempt; it doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause between attempts that Ponder chooses itself.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest pause that a server may ask for with <c>Retry-After</c>.</summary>
    public TimeSpan LongestServerDelay { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection may stay silent before it counts as cut.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    // Seams for tests: a file system without symbolic links, and a full disk.
    internal bool Symlinks { get; init; } = true;

    internal Func<string, long> FreeBytes { get; init; } = CacheFolders.FreeBytes;

    /// <summary>
    /// Reads the variables that hub tools share: HF_ENDPOINT; HF_TOKEN, HUGGING_FACE_HUB_TOKEN or the file
    /// <c>$HF_HOME/token</c>; HF_HUB_CACHE, <c>$HF_HOME/hub</c> or <c>~/.cache/huggingface/hub</c> (XDG_CACHE_HOME in place of
    /// <c>~/.cache</c> where it is set); HF_HUB_OFFLINE.
    /// </summary>
    /// <param name="variable">Gives a variable's value or null; the process environment when omitted.</param>
    /// <exception cref="HubException">HF_ENDPOINT is not an http or https address, or the token cannot be sent.</exception>
    public static HubOptions FromEnvironment(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        string user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        string? Text(string name) => variable(name)?.Trim() is { Length: > 0 } text ? text : null;
        string? Folder(string name) => Text(name) switch
        {
            null => null,
            "~" => user,
            ['~', '/' or '\\', .. var rest] => Path.Combine(user, rest),
            var folder => Path.GetFullPath(folder),
        };

        string home = Folder("HF_HOME") ?? Path.Combine(Folder("XDG_CACHE_HOME") ?? Path.Combine(user, ".cache"), "huggingface");
        var options = new HubOptions
        {
            CacheFolder = Folder("HF_HUB_CACHE") ?? Path.Combine(home, "hub"),
            Token = Text("HF_TOKEN") ?? Text("HUGGING_FACE_HUB_TOKEN") ?? TokenFile(Path.Combine(home, "token")),
            Offline = Text("HF_HUB_OFFLINE")?.ToUpperInvariant() is "1" or "ON" or "YES" or "TRUE",
        };
        if (Text("HF_ENDPOINT") is { } endpoint)
        {
            options = options with
            {
                Endpoint = Uri.TryCreate(endpoint, UriKind.Absolute, out var address)
                    ? address
                    : throw new HubException($"HF_ENDPOINT is '{SafeText.Of(endpoint)}', which is not an http or https address."),
            };
        }
        options.Validate();
        return options;
    }

    /// <summary>The settings, with the token left out.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Endpoint} ({(Token is null ? "no token" : "with a token")}), cache {CacheFolder}");

    internal void Validate()
    {
        if (Endpoint is not { IsAbsoluteUri: true, Scheme: "http" or "https", UserInfo: "", Query: "", Fragment: "" })
            throw new HubException("The hub's endpoint (HF_ENDPOINT) must be an http or https address without user name or query.");
        if (Token is not null && (Token.Length == 0 || !Token.All(c => c is > ' ' and < '\x7f')))
            throw new HubException("The access token (HF_TOKEN or the token file) is empty or holds a character that cannot be sent.");
        ArgumentException.ThrowIfNullOrWhiteSpace(CacheFolder);
        ArgumentOutOfRangeException.ThrowIfLessThan(Attempts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, FirstDelay);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestServerDelay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StallTimeout, TimeSpan.Zero);
    }

    private static string? TokenFile(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"The token file {path} cannot be read: {error.Message}", error);
        }
    }
}
