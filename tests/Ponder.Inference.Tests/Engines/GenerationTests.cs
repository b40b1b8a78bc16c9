using System.Numerics.Tensors;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Engines;

public sealed class GenerationTests : IDisposable
{
    private static readonly int[] Prompt = PuzzleModels.Prompts[0];
    private static readonly GenerationOptions Greedy = new() { Sampling = SamplingOptions.Greedy };

    private readonly Engine _engine = PuzzleModels.LoadPolicy();

    [Fact]
    public async Task Greedy_tokens_are_the_best_of_the_outputs_at_every_step()
    {
        foreach (int[] prompt in PuzzleModels.Prompts)
        {
            var answer = await Complete(prompt, Greedy);
            int[] text = [.. prompt, .. answer.Ids];
            var best = new int[text.Length];
            await _engine.ReadOutputsAsync(text, (i, logits) => best[i] = TensorPrimitives.IndexOfMax(logits));
            best[(prompt.Length - 1)..^1].ShouldBe(answer.Ids);
        }
    }

    [Fact]
    public async Task Log_probabilities_of_an_answer_are_those_of_its_score_also_when_scored_together()
    {
        var options = new GenerationOptions { Sampling = new SamplingOptions { Seed = 3, Temperature = 1.3, TopK = 20 }, LogProbabilities = true };
        var answers = (await _engine.CompleteAsync([new GenerationRequest(Prompt, 4, options)]))[0];
        double[][] scores = await _engine.ScoreAsync(Prompt, [.. answers.Select(answer => answer.Ids)]);
        for (int i = 0; i < answers.Count; i++)
        {
            scores[i].Select(p => (float)p).ShouldBe(answers[i].LogProbabilities.Select(p => (float)p));
            scores[i].ShouldAllBe(p => p <= 0);
            (await _engine.ScoreAsync(Prompt, [answers[i].Ids]))[0].ShouldBe(scores[i]);
        }
        (await _engine.ScoreAsync(Prompt, [])).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_ends_at_its_end_token_with_a_reason_and_without_its_name()
    {
        var answer = await Complete(Prompt, Greedy);
        answer.Finish.ShouldBe(FinishReason.EndToken);
        answer.Ids[^1].ShouldBe(1378);
        answer.Text.ShouldNotContain("<|end|>");
        answer.LogProbabilities.ShouldBeEmpty();
        var on = await Complete(Prompt, Greedy with { IgnoreEnd = true, MaxTokens = answer.Ids.Count + 2 });
        on.Finish.ShouldBe(FinishReason.Length);
        on.Ids.Take(answer.Ids.Count).ShouldBe(answer.Ids);
    }

    [Fact]
    public async Task An_answer_ends_before_its_stop_text()
    {
        string whole = (await Complete(Prompt, Greedy)).Text;
        foreach (string stop in (string[])["\n", "left", "ft 1", whole[^3..]])
        {
            var answer = await Complete(Prompt, Greedy with { Stop = [stop, "never"] });
            answer.Text.ShouldBe(whole[..whole.IndexOf(stop, StringComparison.Ordinal)], stop);
            answer.Finish.ShouldBe(FinishReason.StopText);
        }
        (await Complete(Prompt, Greedy with { Stop = ["never"] })).Text.ShouldBe(whole);
    }

    [Fact]
    public async Task A_number_of_tokens_or_the_end_of_the_context_ends_an_answer()
    {
        foreach (int tokens in (int[])[1, 2, 17])
        {
            var answer = await Complete(Prompt, Greedy with { MaxTokens = tokens });
            answer.Ids.Count.ShouldBe(tokens);
            answer.Finish.ShouldBe(FinishReason.Length);
        }
        var endless = await Complete(Prompt, Greedy with { IgnoreEnd = true });
        endless.Finish.ShouldBe(FinishReason.Length);
        endless.Ids.Count.ShouldBe(_engine.Context - Prompt.Length + 1);    // the last token needs no place
        var full = await Complete([.. Enumerable.Repeat(65, _engine.Context)], Greedy with { IgnoreEnd = true });
        full.Ids.Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_samples_than_branches_all_come_and_progress_sees_every_token()
    {
        using var engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 2, MaxBranches = 4 });
        var seen = new Dictionary<int, List<int>>();
        var answers = (await engine.CompleteAsync(
            [new GenerationRequest(Prompt, 11, new GenerationOptions { MaxTokens = 20 })],
            (request, sample, token) =>
            {
                request.ShouldBe(0);
                if (!seen.TryGetValue(sample, out var ids))
                    seen[sample] = ids = [];
                ids.Add(token.Id);
            }))[0];
        answers.Count.ShouldBe(11);
        for (int i = 0; i < 11; i++)
            seen[i].ShouldBe(answers[i].Ids);
        (await engine.CompleteAsync([])).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_prompt_is_text_or_ids()
    {
        const string text = "Make 29 from 8 21 33 33:\n";
        int[] ids = _engine.EncodePrompt(text);
        ids.ShouldBe(Prompt);
        var pieces = new List<string>();
        await foreach (var token in _engine.GenerateAsync(text, Greedy))
            pieces.Add(token.Text);
        string.Concat(pieces).ShouldBe((await Complete(ids, Greedy)).Text);
    }

    [Fact]
    public async Task Embeddings_have_length_one_and_do_not_depend_on_their_company()
    {
        float[][] together = await _engine.EmbedAsync([.. PuzzleModels.Prompts]);
        for (int i = 0; i < together.Length; i++)
        {
            TensorPrimitives.Norm(together[i]).ShouldBe(1, 1e-5f);
            (await _engine.EmbedAsync([PuzzleModels.Prompts[i]]))[0].ShouldBe(together[i]);
        }
        _engine.KvPagesInUse.ShouldBe(0);
    }

    public void Dispose() => _engine.Dispose();

    private async Task<Completion> Complete(int[] prompt, GenerationOptions options) => (await _engine.CompleteAsync([new GenerationRequest(prompt, 1, options)]))[0][0];
}
