using Microsoft.Playwright;

namespace Ponder.Browser.Tests;

/// <summary>A browser of this machine; nothing is downloaded.</summary>
internal static class Chromium
{
    /// <summary>Environment variable: the browser's program.</summary>
    public const string Variable = "PONDER_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

    /// <summary>The program; null where there is none.</summary>
    public static string? Program { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
        ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    /// <summary>Starts it without a window.</summary>
    public static async Task<(IPlaywright Playwright, IBrowser Browser)> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        // As root, as in a container, it runs without its sandbox only; the pages are our own.
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox"] });
        return (playwright, browser);
    }
}

/// <summary>A fact that needs a browser; skipped where there is none.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>Sets the reason to skip when there is no browser.</summary>
    public BrowserFactAttribute()
    {
        if (Chromium.Program is null)
            Skip = $"needs Chromium or Chrome, which is not here ({Chromium.Variable} names one)";
    }
}
