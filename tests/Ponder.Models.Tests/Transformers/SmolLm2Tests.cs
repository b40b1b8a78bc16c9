using System.Text.Json;
using Ponder.Models.Configuration;
using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Models.Tests.Transformers;

/// <summary>A real model's logits against float32 reference logits.</summary>
public sealed class SmolLm2Tests(ITestOutputHelper output)
{
    /// <summary>Measured: 1.4e-11, 3.5e-7, 3.3e-5 and 8.5e-4.</summary>
    [SharedTheory]
    [InlineData(KvFormat.F32, 1e-4)]
    [InlineData(KvFormat.F16, 1e-5)]
    [InlineData(KvFormat.BF16, 1e-4)]
    [InlineData(KvFormat.Int8, 2e-3)]
    public void Logits_of_14_prompts_are_the_reference_within_a_mean_divergence(KvFormat kv, double bar)
    {
        using var greedy = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("models", "smollm2", "greedy.json")));
        using var reference = SafetensorsFile.Open(SharedData.Path("models", "smollm2", "logits.safetensors"));
        using var file = GgufFile.Open(SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        using var pool = new WorkerPool();
        using var transformer = new Transformer(GgufConfig.Read(file), file, usesGgufNames: true, pool, VectorWidths.Current, kv);
        int vocabulary = transformer.Config.Vocabulary;
        var divergences = new List<double>();
        var batch = new Batch();
        int number = 0;
        foreach (var prompt in greedy.RootElement.GetProperty("prompts").EnumerateArray())
        {
            int[] ids = [.. prompt.GetProperty("prompt_ids").EnumerateArray().Select(id => id.GetInt32())];
            using var sequence = new TestSequence(transformer.KvLayout);
            batch.Clear();
            sequence.AddTo(batch, ids.AsSpan(0, ids.Length - 2), OutputRows.None);
            transformer.Forward(batch, []);
            batch.Clear();
            sequence.AddTo(batch, ids.AsSpan(ids.Length - 2), OutputRows.All);
            var logits = new float[2 * vocabulary];
            transformer.Forward(batch, logits);
            reference.TryGetTensor($"logits_{number++:00}", out var tensor).ShouldBeTrue();
            float[] expected = tensor!.ToFloats();
            for (int row = 0; row < 2; row++)
            {
                var theirs = expected.AsSpan(row * vocabulary, vocabulary);
                var ours = logits.AsSpan(row * vocabulary, vocabulary);
                divergences.Add(Divergence(theirs, ours));
                var (best, margin) = BestAndMargin(theirs);
                if (margin > 0.05 && kv <= KvFormat.F16)
                    BestAndMargin(ours).Best.ShouldBe(best, $"prompt {number - 1} row {row}");
            }
        }
        number.ShouldBe(14);
        output.WriteLine($"{kv}: mean divergence {divergences.Average():e2}, largest {divergences.Max():e2}");
        divergences.Average().ShouldBeLessThan(bar);
    }

    /// <summary>Kullback-Leibler divergence in nats of the distributions of two rows of logits.</summary>
    private static double Divergence(ReadOnlySpan<float> theirs, ReadOnlySpan<float> ours)
    {
        double normP = LogSum(theirs), normQ = LogSum(ours), sum = 0;
        for (int i = 0; i < theirs.Length; i++)
            sum += Math.Exp(theirs[i] - normP) * (theirs[i] - normP - (ours[i] - normQ));
        return sum;
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit);
        return Math.Log(sum);
    }

    private static (int Best, float Margin) BestAndMargin(ReadOnlySpan<float> logits)
    {
        int best = 0;
        float second = float.NegativeInfinity;
        for (int i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                (best, second) = (i, logits[best]);
            else
                second = Math.Max(second, logits[i]);
        }
        return (best, logits[best] - second);
    }
}
