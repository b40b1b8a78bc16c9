using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Reference;

/// <summary>The shipped models against float32 figures recorded beside them.</summary>
public sealed class PuzzleReferenceTests
{
    private const int LineEnd = 10;

    private static readonly EngineOptions Exact = new() { Threads = 2, KvFormat = KvFormat.F32 };

    [Fact]
    public async Task Rewards_at_line_ends_are_the_recorded_ones_to_1e_3()
    {
        using var engine = Engine.Load(PuzzleModels.Reward, Exact);
        foreach (var text in PuzzleModels.Texts)
        {
            int[] ids = [.. text.PromptIds, .. text.SampleIds];
            var rewards = new List<double>();
            await engine.ReadOutputsAsync(ids, (i, outputs) =>
            {
                if (i >= text.PromptIds.Length && ids[i] == LineEnd)
                    rewards.Add(1 / (1 + Math.Exp(outputs[0] - outputs[1])));
            });
            rewards.Count.ShouldBe(text.Rewards.Length);
            for (int i = 0; i < rewards.Count; i++)
                rewards[i].ShouldBe(text.Rewards[i], 1e-3);
        }
    }

    [Fact]
    public async Task Log_probabilities_of_samples_are_the_recorded_ones_to_1e_3()
    {
        using var engine = PuzzleModels.LoadPolicy(Exact);
        int end = engine.Tokenizer.Special.Eos!.Value;
        foreach (var text in PuzzleModels.Texts)
        {
            double[][] scores = await engine.ScoreAsync(text.PromptIds, [[.. text.SampleIds, end]]);
            scores[0].Sum().ShouldBe(text.SampleLogprobWithEnd, 1e-3);
        }
    }

    [Fact]
    public async Task Greedy_answers_are_the_recorded_ones_where_no_margin_is_below_1e_3()
    {
        using var engine = PuzzleModels.LoadPolicy(Exact);
        PuzzleText[] texts = [.. PuzzleModels.Texts.Where(text => text.SmallestMargin > 1e-3)];
        texts.Length.ShouldBeGreaterThan(30);
        var answers = await engine.CompleteAsync([.. texts.Select(t => new GenerationRequest(t.PromptIds, 1, new GenerationOptions { Sampling = SamplingOptions.Greedy }))]);
        for (int i = 0; i < texts.Length; i++)
        {
            answers[i][0].Ids.SkipLast(1).ShouldBe(texts[i].GreedyIds);
            answers[i][0].Text.ShouldBe(texts[i].Greedy);
            answers[i][0].Finish.ShouldBe(FinishReason.EndToken);
        }
    }
}
