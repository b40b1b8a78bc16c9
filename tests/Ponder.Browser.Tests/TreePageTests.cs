using System.Diagnostics;
using Microsoft.Playwright;
using Ponder.Cli.Seeing;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Traces;

namespace Ponder.Browser.Tests;

/// <summary>The page of <c>ponder tree</c> in a real browser, with a tree of ten thousand thoughts.</summary>
public sealed class TreePageTests(TreePageTests.PageOfThoughts pages) : IClassFixture<TreePageTests.PageOfThoughts>
{
    private const int Thoughts = 10_000;
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    [BrowserFact]
    public async Task Ten_thousand_thoughts_open_and_fold_in_less_than_two_seconds()
    {
        var page = await pages.NewAsync();
        long start = Stopwatch.GetTimestamp();
        await page.GotoAsync(pages.Url);
        await page.Locator("html[data-ready]").WaitForAsync();
        await page.Locator(".row.chosen").First.WaitForAsync();
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Most, "opening");

        start = Stopwatch.GetTimestamp();
        await page.GetByRole(AriaRole.Button, new() { Name = "Unfold all" }).ClickAsync();
        await page.Locator("#tree").PressAsync("End");
        (await page.Locator(".row.here").GetAttributeAsync("aria-posinset")).ShouldNotBeNull();
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Most, "unfolding");
        (await RowsAsync(page)).ShouldBe(Thoughts + 1);

        start = Stopwatch.GetTimestamp();
        await page.GetByRole(AriaRole.Button, new() { Name = "Fold all", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Treeitem)).ToHaveCountAsync(1);
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(Most, "folding");
        (await RowsAsync(page)).ShouldBe(1);
        pages.Errors.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_thought_shows_its_text_score_and_cost_and_keys_move_through_the_tree()
    {
        var page = await pages.NewAsync();
        await page.GotoAsync(pages.Url);
        var chosen = pages.Problem.Nodes.Last(node => node.IsChosen);
        var detail = page.Locator("#detail");
        await Assertions.Expect(detail).ToContainTextAsync($"Thought #{chosen.Number}");        // the answer is under the cursor
        await Assertions.Expect(detail).ToContainTextAsync(chosen.Text);
        await Assertions.Expect(detail).ToContainTextAsync(chosen.Reward!.Value.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture));
        await Assertions.Expect(detail).ToContainTextAsync($"{chosen.TokensBefore + chosen.TokenCount}");
        (await page.Locator(".row.chosen").CountAsync()).ShouldBe(chosen.Depth + 1);

        var tree = page.GetByRole(AriaRole.Tree);
        await tree.PressAsync("ArrowLeft");
        await Assertions.Expect(detail).ToContainTextAsync($"Thought #{chosen.Parent!.Number}");
        await tree.PressAsync("ArrowLeft");                     // folds
        await Assertions.Expect(page.Locator(".row.here")).ToHaveAttributeAsync("aria-expanded", "false");
        await tree.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator(".row.here")).ToHaveAttributeAsync("aria-expanded", "true");
        await tree.PressAsync("Home");
        await Assertions.Expect(detail).ToContainTextAsync("Prompt #0");
        await Assertions.Expect(detail).ToContainTextAsync("Ledger");
        await page.Locator(".row .fold").First.ClickAsync();
        (await RowsAsync(page)).ShouldBe(1);
        pages.Errors.ShouldBeEmpty();
    }

    [BrowserFact]
    public async Task A_search_goes_from_hit_to_hit()
    {
        var page = await pages.NewAsync();
        await page.GotoAsync(pages.Url);
        string wanted = pages.Problem.Nodes[5000].Text.Trim();
        await page.Locator("#search").FillAsync(wanted);
        await Assertions.Expect(page.Locator("#found")).ToHaveTextAsync("1 of 1");
        await Assertions.Expect(page.Locator(".row.here .text")).ToHaveTextAsync(wanted);
        await page.Locator("#search").FillAsync("so it is");
        await page.Locator("#search").PressAsync("Enter");
        await Assertions.Expect(page.Locator("#found")).ToContainTextAsync("2 of ");
        await page.Locator("#search").FillAsync("nowhere to be found");
        await Assertions.Expect(page.Locator("#found")).ToHaveTextAsync("none");
        pages.Errors.ShouldBeEmpty();
    }

    // Only rows on the screen are in the document: how many there are tells the height that is scrolled through.
    private static Task<int> RowsAsync(IPage page) => page.EvaluateAsync<int>("parseInt(document.getElementById('canvas').style.height) / 26");

    /// <summary>A browser, and the page in a file.</summary>
    public sealed class PageOfThoughts : BrowserOfPages
    {
        internal TraceProblem Problem { get; private set; } = null!;

        internal string Url => UrlOf("tree.html");

        private protected override async Task WriteAsync(DirectoryInfo folder)
        {
            string trace = Path.Combine(folder.FullName, "trace.jsonl");
            using (var writer = new TraceWriter(File.Create(trace), new TraceHead("rebase", "script", "script", 1), [ScriptedSession.Problem]))
            {
                var settings = new SolveSettings { StepDelimiter = "\n", Reward = ScriptedTree.Reward(), Observer = what => writer.Take(0, what) };
                using var session = ScriptedSession.Open(ScriptedTree.Policy(), settings);
                var choice = await ScriptedTree.GrowAsync(session, Thoughts);
                writer.End(0, new Outcome
                {
                    Problem = ScriptedSession.Problem,
                    Strategy = "rebase",
                    Chosen = choice.Thought,
                    Thoughts = session.Thoughts,
                    Ledger = session.Ledger,
                });
            }
            using var reader = new TraceReader(trace);
            Problem = TraceProblem.ReadAll(reader).Single();
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "tree.html"), TreePage.Of(reader.Head, [Problem], null));
        }
    }
}
