using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Inference.Speculation;
using Ponder.Inference.Tests.Generation;
using Ponder.Models.Files;
using Ponder.Numerics;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Speculation;

public sealed class DraftModelTests : IDisposable
{
    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(0.8)]
    public async Task What_a_model_drafts_for_itself_is_always_kept(double temperature)
    {
        using var draft = PuzzleModels.LoadPolicy();
        var plain = Plain(temperature);
        var expected = await CompleteAsync(_engine, plain);
        (await CompleteAsync(_engine, plain with { Speculation = new SpeculationOptions { Draft = draft, Copy = false, MaxDraft = 8 } })).ShouldBe(expected);
        var drafts = _engine.Statistics.ModelDrafts;
        drafts.Accepted.ShouldBe(drafts.Proposed);
        drafts.Accepted.ShouldBeGreaterThan(drafts.Steps);
        _engine.Statistics.Copies.ShouldBe(default);
        _engine.KvPagesInUse.ShouldBe(0);
        for (int i = 0; i < 1000 && draft.KvPagesInUse > 0; i++)
            await Task.Delay(5);                                // the drafts' memory is freed behind the answer
        draft.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_worse_model_and_copies_together_leave_the_tokens_as_they_are()
    {
        using var draft = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 1, KvFormat = KvFormat.Int8 });
        var plain = Plain(1.3);
        var expected = await CompleteAsync(_engine, plain);
        (await CompleteAsync(_engine, plain with { Speculation = new SpeculationOptions { Draft = draft, MinMatch = 1 } })).ShouldBe(expected);
        var statistics = _engine.Statistics;
        statistics.ModelDrafts.Accepted.ShouldBeGreaterThan(0);
        statistics.ModelDrafts.Accepted.ShouldBeLessThan(statistics.ModelDrafts.Proposed);
        statistics.Copies.Accepted.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_answer_fails_with_the_model_that_drafts_for_it()
    {
        var draft = PuzzleModels.LoadPolicy();
        draft.Dispose();
        await Should.ThrowAsync<ObjectDisposedException>(CompleteAsync(_engine, Plain(0) with { Speculation = new SpeculationOptions { Draft = draft } }));
        _engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_cancelled_answer_lets_its_draft_go()
    {
        using var draft = PuzzleModels.LoadPolicy();
        using var stop = new CancellationTokenSource();
        var options = Plain(0) with { Speculation = new SpeculationOptions { Draft = draft }, MaxTokens = null };
        await Should.ThrowAsync<OperationCanceledException>(_engine.CompleteAsync(
            [new GenerationRequest(PuzzleModels.Prompts[0], 3, options)], (_, _, _) => stop.Cancel(), stop.Token));
        for (int i = 0; i < 1000 && draft.KvPagesInUse > 0; i++)
            await Task.Delay(5);
        draft.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task A_model_that_does_not_fit_is_refused_with_both_names()
    {
        using var reward = Engine.Load(PuzzleModels.Reward, new EngineOptions { Threads = 1 });
        await Should.ThrowAsync<ModelFileException>(CompleteAsync(_engine, Plain(0) with { Speculation = new SpeculationOptions { Draft = reward } }));
        PieceTokenizer model = new("a", "b"), other = new("a", "c"), larger = new("a", "b", "c");
        Should.Throw<PonderException>(() => DraftModel.DemandSameTokens(model, 2, "large.gguf", other, 2, "small.gguf")).Message
            .ShouldBe("Token 1 is 'c' in the model small.gguf and 'b' in large.gguf: it cannot draft for it.");
        Should.Throw<PonderException>(() => DraftModel.DemandSameTokens(model, 2, "large.gguf", larger, 3, "small.gguf")).Message
            .ShouldBe("The model small.gguf has 3 tokens and cannot draft for large.gguf, which has 2.");
        Should.NotThrow(() => DraftModel.DemandSameTokens(model, 2, "large.gguf", model, 2, "small.gguf"));
    }

    private static GenerationOptions Plain(double temperature) =>
        new() { Sampling = new SamplingOptions { Temperature = temperature, Seed = 8 }, MaxTokens = 50, IgnoreEnd = true };

    private static async Task<string[]> CompleteAsync(Engine engine, GenerationOptions options)
    {
        var answers = await engine.CompleteAsync([.. PuzzleModels.Prompts.Take(2).Select(prompt => new GenerationRequest(prompt, 2, options))]);
        return [.. answers.SelectMany(each => each).Select(answer => $"{string.Join(' ', answer.Ids)} {answer.Text} {answer.Finish}")];
    }
}
