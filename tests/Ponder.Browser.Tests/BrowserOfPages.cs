using Microsoft.Playwright;

namespace Ponder.Browser.Tests;

/// <summary>A browser and a folder of pages, for the tests of one class.</summary>
public abstract class BrowserOfPages : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ponder-page-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>What scripts complained of.</summary>
    internal List<string> Errors { get; } = [];

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        if (Chromium.Program is null)
            return;
        await WriteAsync(_folder);
        (_playwright, _browser) = await Chromium.StartAsync();
        await (await _browser.NewPageAsync()).CloseAsync();     // the browser's own start is not the page's
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Delete(recursive: true);
    }

    internal string UrlOf(string file) => new Uri(Path.Combine(_folder.FullName, file)).AbsoluteUri;

    internal async Task<IPage> NewAsync()
    {
        var page = await _browser!.NewPageAsync();
        page.PageError += (_, error) => Errors.Add(error);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
                Errors.Add(message.Text);
        };
        return page;
    }

    /// <summary>Writes the pages.</summary>
    private protected abstract Task WriteAsync(DirectoryInfo folder);
}
