using System.Diagnostics;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Inference.Speculation;
using Ponder.Models.Templates;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Inference.Tests.Speculation;

/// <summary>Measures time: runs when no other test does.</summary>
[CollectionDefinition(nameof(CopySpeedTests), DisableParallelization = true)]
[Collection(nameof(CopySpeedTests))]
public sealed class CopySpeedTests(ITestOutputHelper output)
{
    private const string Story =
        """
        The lighthouse keeper woke before dawn and climbed the narrow stairs to the lamp. The sea was grey and the wind had turned to the north.
        He trimmed the wick, wiped the salt from the glass, and wrote the hour in his book. Three fishing boats had left the harbour during the
        night, and he counted their lights as they came back past the rocks. When the last of them was safe he put out the lamp, made a pot of
        coffee, and sat down by the window to read a letter from his daughter Martha, who lived far away in the city.
        """;

    [SharedFact]
    public async Task Repeating_a_text_with_one_change_takes_less_than_half_the_time()
    {
        using var engine = Engine.Load(SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        int[] prompt = engine.EncodeChat([new ChatTurn("user", $"Repeat this text word for word, but change the name Martha to Anna.\n\n{Story}")]);
        var plain = new GenerationOptions { Sampling = SamplingOptions.Greedy, MaxTokens = 140 };
        var drafted = plain with { Speculation = new SpeculationOptions() };
        await engine.CompleteAsync([new GenerationRequest(prompt, 1, plain with { MaxTokens = 20 })]);
        var (expected, slow) = await BestAsync(engine, prompt, plain);
        var (actual, fast) = await BestAsync(engine, prompt, drafted);
        var copies = engine.Statistics.Copies;
        output.WriteLine($"{expected.Ids.Count / slow:0.0} tokens/s alone, {actual.Ids.Count / fast:0.0} with drafts; {copies}; {actual.Text}");
        actual.Ids.ShouldBe(expected.Ids);
        actual.Text.ShouldBe(expected.Text);
        (slow / fast).ShouldBeGreaterThan(2);
    }

    private static async Task<(Completion Answer, double Seconds)> BestAsync(Engine engine, int[] prompt, GenerationOptions options)
    {
        double best = double.PositiveInfinity;
        Completion? answer = null;
        for (int i = 0; i < 3; i++)
        {
            var watch = Stopwatch.StartNew();
            answer = (await engine.CompleteAsync([new GenerationRequest(prompt, 1, options)]))[0][0];
            best = Math.Min(best, watch.Elapsed.TotalSeconds);
        }
        return (answer!, best);
    }
}
