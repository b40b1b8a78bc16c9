using System.Text.Json;
using Ponder.Models.Configuration;
using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;
using Ponder.Models.Transformers;
using Ponder.Numerics.CodeGen;
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
        var rows = Compare(ExecutionPath.Portable(VectorWidths.Current), kv);
        rows.Average(row => row.Divergence).ShouldBeLessThan(bar);
        foreach (var row in rows.Where(row => row.Margin > 0.05 && kv <= KvFormat.F16))
            row.Best.ShouldBe(row.TheirBest, $"prompt {row.Prompt}");
    }

    // Activations in bfloat16 stay below 1e-3, in int8 below 4.4e-3.
    [SharedTheory]
    [InlineData(InstructionSet.Avx2, 4.4e-3)]
    [InlineData(InstructionSet.AvxVnni, 4.4e-3)]
    [InlineData(InstructionSet.Avx512, 4.4e-3)]
    [InlineData(InstructionSet.Amx, 1e-3)]
    public void Rounded_activations_stay_close_to_the_reference(InstructionSet instructions, double bar)
    {
        if (!InstructionSets.Available.Contains(instructions))
            return;                                             // its kernels are held to their twins by the emulator
        Compare(ExecutionPath.Of(instructions), KvFormat.F16).Where(row => row.IsLast).Average(row => row.Divergence).ShouldBeInRange(1e-7, bar);
    }

    /// <summary>The last two rows of logits of each prompt beside the recorded ones.</summary>
    private List<ComparedRow> Compare(ExecutionPath path, KvFormat kv)
    {
        using var greedy = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("models", "smollm2", "greedy.json")));
        using var reference = SafetensorsFile.Open(SharedData.Path("models", "smollm2", "logits.safetensors"));
        using var file = GgufFile.Open(SharedData.Path("models", "smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        using var pool = new WorkerPool();
        using var transformer = new Transformer(GgufConfig.Read(file), file, usesGgufNames: true, pool, path, kv);
        transformer.Repack();
        int vocabulary = transformer.Config.Vocabulary;
        var rows = new List<ComparedRow>();
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
            reference.TryGetTensor($"logits_{number:00}", out var tensor).ShouldBeTrue();
            float[] expected = tensor!.ToFloats();
            for (int row = 0; row < 2; row++)
            {
                var theirs = expected.AsSpan(row * vocabulary, vocabulary);
                var ours = logits.AsSpan(row * vocabulary, vocabulary);
                var (theirBest, margin) = BestAndMargin(theirs);
                rows.Add(new ComparedRow(number, row == 1, Divergence(theirs, ours), BestAndMargin(ours).Best, theirBest, margin));
            }
            number++;
        }
        rows.Count.ShouldBe(28);
        output.WriteLine($"{path.Name}, KV {kv}: mean divergence {rows.Average(row => row.Divergence):e2}, of last rows {rows.Where(row => row.IsLast).Average(row => row.Divergence):e2}");
        return rows;
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

    private sealed record ComparedRow(int Prompt, bool IsLast, double Divergence, int Best, int TheirBest, float Margin);
}
