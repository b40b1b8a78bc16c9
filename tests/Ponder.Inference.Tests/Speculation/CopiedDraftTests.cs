using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Inference.Speculation;

namespace Ponder.Inference.Tests.Speculation;

/// <summary>Drafts copied from the text change how fast tokens come, and nothing else.</summary>
public sealed class CopiedDraftTests : IDisposable
{
    private const long Page = PuzzleModels.PageBytes;          // bytes of KV memory

    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Greedy_and_drawn_tokens_are_those_without_drafts()
    {
        GenerationOptions[] options =
        [
            Plain(SamplingOptions.Greedy),
            Plain(new SamplingOptions { Temperature = 0.3, Seed = 3 }),
            Plain(new SamplingOptions { Temperature = 0.8, TopP = 0.9, Seed = 4 }),
            Plain(new SamplingOptions { Temperature = 0.5, RepetitionPenalty = 1.05, FrequencyPenalty = 0.1, Seed = 5 }),
            Plain(new SamplingOptions { Temperature = 0.7, MirostatTau = 1, Seed = 6 }),
        ];
        GenerationRequest[] requests = [.. options.Select((each, i) => new GenerationRequest(PuzzleModels.Prompts[i % PuzzleModels.Prompts.Count], 3, each))];
        var expected = await _engine.CompleteAsync(requests);
        _engine.Statistics.Copies.ShouldBe(default);
        var actual = await _engine.CompleteAsync(
            [.. requests.Select((request, i) => request with { Options = request.Options with { Speculation = new SpeculationOptions { MinMatch = 1 + i % 3, MaxDraft = 3 + 5 * i } } })]);
        ShouldBeEqual(actual, expected);
        var copies = _engine.Statistics.Copies;
        copies.Accepted.ShouldBeGreaterThan(100);
        copies.Proposed.ShouldBeGreaterThan(copies.Accepted);
        copies.Acceptance.ShouldBeInRange(0.05, 1);
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public void Whatever_ends_an_answer_ends_it_at_the_same_token_and_the_branch_goes_on_the_same()
    {
        var cases =
            from prompt in Gen.Choose(0, PuzzleModels.Prompts.Count - 1)
            from tokens in Gen.Choose(1, 60)
            from stop in Gen.Elements<StopRule?>(null, new StopRule.Text("\n"), new StopRule.Delimiter("1"), new StopRule.When(view => view.Generated % 7 == 0))
            from temperature in Gen.Elements(0, 0.5)
            from draft in Gen.Choose(1, 20)
            select (prompt, tokens, stop, temperature, draft);
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var plain = Plain(new SamplingOptions { Temperature = example.temperature, Seed = 9 }) with
            {
                MaxTokens = example.tokens,
                Rules = example.stop is null ? [] : [example.stop],
            };
            var drafted = plain with { Speculation = new SpeculationOptions { MinMatch = 1, MaxDraft = example.draft } };
            Extended(example.prompt, drafted).ShouldBe(Extended(example.prompt, plain));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));
    }

    [Fact]
    public async Task With_little_memory_the_tokens_are_the_same()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, KvMemoryBytes = 10 * Page });
        var plain = Plain(new SamplingOptions { Temperature = 0.4, Seed = 12 }) with { MaxTokens = 60 };
        GenerationRequest[] requests = [.. PuzzleModels.Prompts.Take(2).Select(prompt => new GenerationRequest(prompt, 2, plain))];
        var expected = await _engine.CompleteAsync(requests);
        var drafted = plain with { Speculation = new SpeculationOptions { MinMatch = 1 } };
        ShouldBeEqual(await engine.CompleteAsync([.. requests.Select(request => request with { Options = drafted })]), expected);
        engine.Statistics.Preemptions.ShouldBeGreaterThan(0);
        engine.Statistics.Copies.Accepted.ShouldBeGreaterThan(0);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Options_out_of_range_are_refused()
    {
        foreach (var options in (SpeculationOptions[])[new() { MaxDraft = 0 }, new() { MaxDraft = 65 }, new() { MinMatch = 0 }, new() { MinMatch = 17 }])
            await Should.ThrowAsync<ArgumentOutOfRangeException>(_engine.CompleteAsync([new GenerationRequest([1], 1, new GenerationOptions { Speculation = options })]));
    }

    private static GenerationOptions Plain(SamplingOptions sampling) => new() { Sampling = sampling, MaxTokens = 80, IgnoreEnd = true };

    private string Extended(int prompt, GenerationOptions options)
    {
        using var branch = _engine.CreateBranch(PuzzleModels.Prompts[prompt]);
        var first = branch.ExtendAsync(options).GetAwaiter().GetResult();
        using var fork = branch.Fork();
        var second = branch.ExtendAsync(options).GetAwaiter().GetResult();
        var third = fork.ExtendAsync(options).GetAwaiter().GetResult();
        return string.Join(" | ", ((Completion[])[first, second, third]).Select(each => $"{string.Join(' ', each.Ids)} {each.Text} {each.Finish}"));
    }

    private static void ShouldBeEqual(IReadOnlyList<IReadOnlyList<Completion>> actual, IReadOnlyList<IReadOnlyList<Completion>> expected)
    {
        for (int i = 0; i < expected.Count; i++)
        {
            for (int j = 0; j < expected[i].Count; j++)
            {
                actual[i][j].Ids.ShouldBe(expected[i][j].Ids, $"request {i}, answer {j}");
                actual[i][j].Text.ShouldBe(expected[i][j].Text);
                actual[i][j].Finish.ShouldBe(expected[i][j].Finish);
            }
        }
    }
}
