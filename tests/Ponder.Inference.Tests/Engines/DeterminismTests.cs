using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Engines;

/// <summary>The tokens of an answer depend on model, prompt, seed and options alone.</summary>
public sealed class DeterminismTests
{
    private static readonly GenerationRequest[] Requests =
    [
        .. PuzzleModels.Prompts.Select((prompt, i) => new GenerationRequest(prompt, 1 + i % 3, new GenerationOptions
        {
            Sampling = new SamplingOptions { Seed = (ulong)i * 977, Temperature = i % 4 == 3 ? 0 : 1, TopP = i % 2 == 0 ? 1 : 0.9 },
            MaxTokens = 10 + i * 7,
            LogProbabilities = true,
        })),
    ];

    [Fact]
    public async Task Answers_are_the_same_alone_and_together_whatever_the_options()
    {
        var expected = new List<Completion[]>();
        using (var engine = PuzzleModels.LoadPolicy())
        {
            foreach (var request in Requests)
                expected.Add([.. (await engine.CompleteAsync([request]))[0]]);
        }
        EngineOptions[] variants =
        [
            new() { Threads = 2 },
            new() { Threads = 1 },
            new() { Threads = 3, ChunkTokens = 1 },
            new() { Threads = 2, ChunkTokens = 5, MaxBranches = 3 },
            new() { Threads = 2, MaxBranches = 1 },
        ];
        foreach (var options in variants)
        {
            using var engine = PuzzleModels.LoadPolicy(options);
            var together = await engine.CompleteAsync(Requests);
            for (int i = 0; i < Requests.Length; i++)
                ShouldBeSame(together[i], expected[i], $"{options} request {i}");
            engine.KvPagesInUse.ShouldBe(0);
        }
        using var reversed = PuzzleModels.LoadPolicy();
        var backwards = await reversed.CompleteAsync([.. Requests.Reverse()]);
        for (int i = 0; i < Requests.Length; i++)
            ShouldBeSame(backwards[^(i + 1)], expected[i], $"reversed, request {i}");
    }

    [Fact]
    public async Task A_stream_gives_the_first_answer_of_a_batch_piece_by_piece()
    {
        using var engine = PuzzleModels.LoadPolicy();
        foreach (var request in Requests)
        {
            var builder = new CompletionBuilder();
            await foreach (var token in engine.GenerateAsync(request.Prompt, request.Options))
                builder.Add(token);
            ShouldBeSame([builder.Build()], [(await engine.CompleteAsync([request]))[0][0]], "stream");
        }
    }

    [Fact]
    public async Task Samples_of_one_request_differ_and_another_seed_gives_others()
    {
        using var engine = PuzzleModels.LoadPolicy();
        var options = new GenerationOptions { Sampling = new SamplingOptions { Seed = 5 } };
        var first = (await engine.CompleteAsync([new GenerationRequest(PuzzleModels.Prompts[0], 8, options)]))[0];
        first.Select(answer => answer.Text).Distinct().Count().ShouldBeGreaterThan(1);
        var other = (await engine.CompleteAsync(
            [new GenerationRequest(PuzzleModels.Prompts[0], 8, options with { Sampling = new SamplingOptions { Seed = 6 } })]))[0];
        other.Select(answer => answer.Text).ShouldNotBe(first.Select(answer => answer.Text));
    }

    [Fact]
    public async Task Two_engines_work_side_by_side()
    {
        using var one = PuzzleModels.LoadPolicy();
        using var two = PuzzleModels.LoadPolicy();
        var both = await Task.WhenAll(one.CompleteAsync(Requests), two.CompleteAsync(Requests));
        for (int i = 0; i < Requests.Length; i++)
            ShouldBeSame(both[0][i], both[1][i], $"request {i}");
    }

    [Fact]
    public async Task Calls_from_several_threads_wait_for_each_other()
    {
        using var engine = PuzzleModels.LoadPolicy();
        var expected = await engine.CompleteAsync([Requests[1]]);
        var many = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => engine.CompleteAsync([Requests[1]]))));
        foreach (var answers in many)
            ShouldBeSame(answers[0], expected[0], "concurrent");
    }

    private static void ShouldBeSame(IReadOnlyList<Completion> actual, IReadOnlyList<Completion> expected, string what)
    {
        actual.Count.ShouldBe(expected.Count, what);
        for (int i = 0; i < expected.Count; i++)
        {
            actual[i].Ids.ShouldBe(expected[i].Ids, what);
            actual[i].Text.ShouldBe(expected[i].Text, what);
            actual[i].LogProbabilities.ShouldBe(expected[i].LogProbabilities, what);
            actual[i].Finish.ShouldBe(expected[i].Finish, what);
        }
    }
}
