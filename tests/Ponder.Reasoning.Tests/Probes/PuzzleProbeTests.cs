using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Solving;
using Xunit.Abstractions;

namespace Ponder.Reasoning.Tests.Probes;

public sealed class PuzzleProbeTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_probe_of_the_shipped_policy_tells_chains_that_went_right_from_those_that_went_wrong()
    {
        using var engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Threads = 2 });
        var layers = Probe.DefaultLayers(engine.Model.Config.Layers.Count);
        layers.ShouldBe([2, 3, -1]);
        var train = await ExamplesAsync(engine, seed: 11, puzzles: 200);
        var test = await ExamplesAsync(engine, seed: 12, puzzles: 100);
        var probe = ProbeTrainer.Train("policy", layers, train, new ProbeTraining { Hidden = [], Epochs = 30, LearningRate = 3e-3, WeightDecay = 1, Seed = 1 });

        double[] right = [.. test.Where(e => e.IsRight).Select(e => probe.Of(e.Features))], wrong = [.. test.Where(e => !e.IsRight).Select(e => probe.Of(e.Features))];
        double auc = right.Average(r => wrong.Average(w => r > w ? 1 : r == w ? 0.5 : 0));
        double accuracy = (right.Count(p => p > 0.5) + wrong.Count(p => p <= 0.5)) / (double)test.Length;
        int sure = test.Count(e => probe.SetOf(probe.Of(e.Features), 0.1) == (true, false));
        int missed = test.Count(e => probe.SetOf(probe.Of(e.Features), 0.1) is var set && !(e.IsRight ? set.Right : set.Wrong));
        output.WriteLine($"{test.Length} chains, {right.Length} right; accuracy {accuracy:0.000}, AUC {auc:0.000}; at delta 0.1 sure of {sure}, missed {missed}");
        auc.ShouldBeGreaterThan(0.65);
        // Three standard errors, of 50 problems in the calibration and 100 in the test: answers to one problem stand and fall together.
        ((double)missed / test.Length).ShouldBeLessThan(0.1 + 3 * Math.Sqrt(0.09 / 50 + 0.09 / 100));
    }

    // The state at the end of the last line but one: the answer has yet to be put.
    private static async Task<ProbeExample[]> ExamplesAsync(Engine engine, ulong seed, int puzzles)
    {
        IPuzzle[] chains = [.. PuzzleGenerator.Generate("chain", puzzles, seed)];
        GenerationRequest[] requests = [.. chains.Select(chain => new GenerationRequest(engine.EncodePrompt(chain.Prompt), 4, new GenerationOptions { MaxTokens = 120 }))];
        var answers = await engine.CompleteAsync(requests);
        int newLine = engine.Tokenizer.Encode("\n")[0], top = engine.Model.Config.Layers.Count;
        var examples = new List<Task<ProbeExample>>();
        for (int i = 0; i < chains.Length; i++)
        {
            foreach (var answer in answers[i])
            {
                int end = answer.Ids.ToList().IndexOf(engine.Tokenizer.IdOf("####") ?? -1);
                if (end < 1 || answer.Ids[end - 1] != newLine)
                    continue;
                examples.Add(ReadAsync([.. requests[i].Prompt, .. answer.Ids.Take(end)], chains[i].Check(answer.Text).IsCorrect));
            }
        }
        return await Task.WhenAll(examples);

        async Task<ProbeExample> ReadAsync(int[] ids, bool isRight)
        {
            using var branch = engine.CreateBranch(ids);
            float[][][] states = await branch.HiddenStatesAsync([top / 3, top / 2, top], [ids.Length - 1]);
            return new ProbeExample([.. states.SelectMany(layer => layer[0])], isRight);
        }
    }
}
