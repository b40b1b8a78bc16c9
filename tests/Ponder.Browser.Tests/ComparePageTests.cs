using Microsoft.Playwright;
using Ponder.Cli.Comparing;
using Ponder.Cli.Pages;
using Ponder.Reasoning.Comparison;

namespace Ponder.Browser.Tests;

/// <summary>The page of <c>ponder compare</c> in a real browser.</summary>
public sealed class ComparePageTests(ComparePageTests.PageOfGrid pages) : IClassFixture<ComparePageTests.PageOfGrid>
{
    [BrowserFact]
    public async Task It_draws_a_chart_for_every_cost_and_says_who_beats_the_control()
    {
        var page = await pages.NewAsync();
        await page.GotoAsync(pages.UrlOf("compare.html"));
        await Assertions.Expect(page.Locator("#charts canvas")).ToHaveCountAsync(4);
        await Assertions.Expect(page.Locator("#findings")).ToContainTextAsync("rebase beats majority at 100 and 400 tokens.");
        await Assertions.Expect(page.Locator("#verdicts")).ToContainTextAsync("better");
        await Assertions.Expect(page.Locator("#numbers tbody tr")).ToHaveCountAsync(4);
        await page.Locator("#with-reward").CheckAsync();
        await page.Locator("#peak-memory").CheckAsync();
        await page.Locator("#legend button, #legend input").First.ClickAsync();
        pages.Errors.ShouldBeEmpty();
    }

    /// <summary>A grid of two strategies and two budgets on forty problems: one is right on three of four, the control on one of four.</summary>
    public sealed class PageOfGrid : BrowserOfPages
    {
        private protected override Task WriteAsync(DirectoryInfo folder)
        {
            var grid = new ComparisonGrid(["majority", "rebase"], "majority", [100, 400], [1]);
            var table = ComparisonTable.Of(grid, grid.Cells(answerTokens: 25), Results);
            var subject = new ComparisonSubject("model", "problems.jsonl", "reward", 25);
            return File.WriteAllTextAsync(
                Path.Combine(folder.FullName, "compare.html"), Page.Of("compare.html", json => ComparisonJson.Write(json, subject, table)));
        }

        private static CellResult[] Results(GridCell cell) =>
        [
            .. Enumerable.Range(1, 40).Select(i => new CellResult
            {
                Cell = cell,
                Number = i,
                Problem = $"{i}",
                IsCorrect = i % 4 == 0 == (cell.Strategy == "majority"),
                Tokens = cell.Budget - (i % 10),
                SequentialTokens = 25,
                RewardTokens = cell.Strategy == "rebase" ? cell.Budget : 0,
                Seconds = cell.Budget / 1000.0,
                AverageKvTokens = cell.Budget / 2.0,
                PeakKvTokens = (int)cell.Budget,
                KvBytesPerToken = 1152,
            }),
        ];
    }
}
