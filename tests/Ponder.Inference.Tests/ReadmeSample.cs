using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.TestSupport;

namespace Ponder.Inference.Tests;

/// <summary>The sample of README.md: it compiles here, runs, and is the same text there.</summary>
public sealed class ReadmeSample
{
    private static async Task RunAsync()
    {
        // <sample>
        using var engine = Engine.Load("models/puzzles/policy");
        var options = new GenerationOptions { Sampling = new SamplingOptions { Temperature = 1, Seed = 7 }, MaxTokens = 64 };

        // Stream one answer …
        await foreach (var token in engine.GenerateAsync("Make 24 from 3 7 8 12:\n", options))
            Console.Write(token.Text);

        // … or draw sixteen in one batch: the prompt is computed once, its KV pages are shared.
        int[] prompt = engine.EncodePrompt("Make 24 from 3 7 8 12:\n");
        var answers = await engine.CompleteAsync([new GenerationRequest(prompt, Samples: 16, options)]);
        Console.WriteLine($"{answers[0].Count(a => a.Finish == FinishReason.EndToken)} answers came to an end.");
        // </sample>
        await SearchAsync(engine, options);
    }

    private static async Task SearchAsync(Engine engine, GenerationOptions options)
    {
        // <branches>
        using var root = engine.CreateBranch("Make 24 from 3 7 8 12:\n");
        Branch[] branches = [.. Enumerable.Range(0, 8).Select(_ => root.Fork())];
        var line = options with { Rules = [new StopRule.Delimiter("\n")] };
        var steps = await Task.WhenAll(engine.ExtendAsync(branches, line));
        Console.WriteLine($"{steps.Select(step => step.Text).Distinct().Count()} different first lines, {root.Usage}");
        // </branches>
        foreach (var branch in branches)
            branch.Dispose();
    }

    [Fact]
    public async Task The_sample_of_the_readme_runs()
    {
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = SharedData.Repository;
        try
        {
            await RunAsync();
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Fact]
    public void The_samples_of_the_readme_are_those_that_compile()
    {
        string source = File.ReadAllText(Path.Combine(SharedData.Repository, "tests", "Ponder.Inference.Tests", "ReadmeSample.cs"));
        string readme = File.ReadAllText(Path.Combine(SharedData.Repository, "README.md"));
        Normal(Between(source, "// <sample>\n", "// </sample>")).ShouldBe(Normal(Between(readme, "```csharp\n", "```")));
        string second = readme[(readme.IndexOf("```csharp", StringComparison.Ordinal) + 1)..];
        Normal(Between(source, "// <branches>\n", "// </branches>")).ShouldBe(Normal(Between(second, "```csharp\n", "```")));
    }

    private static string Between(string text, string begin, string end)
    {
        text = text.ReplaceLineEndings("\n");
        int from = text.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    private static string[] Normal(string code) => [.. code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
