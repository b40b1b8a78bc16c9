using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;
using Ponder.Models.Transformers;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Transformers;

/// <summary>Tiny models of every family against float32 reference outputs: 5e-4 of the largest reference value.</summary>
public sealed class ConformanceTests
{
    private const float Bar = 5e-4f;

    /// <summary>Folder, weights file, config file (of safetensors).</summary>
    public static TheoryData<string, string, string> Models
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            if (SharedData.Root is null)
            {
                data.Add("absent", "absent", "absent");         // a theory without data fails; this one is skipped
                return data;
            }
            foreach (string folder in Directory.GetDirectories(SharedData.Path("data", "conformance")).Order())
            {
                string name = Path.GetFileName(folder);
                data.Add(name, "model.safetensors", "config.json");
                data.Add(name, "model.safetensors", "config.v5.json");
                if (File.Exists(Path.Combine(folder, "model-f32.gguf")))
                    data.Add(name, "model-f32.gguf", "");
            }
            return data;
        }
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void Each_input_alone_in_one_go(string folder, string weights, string config)
    {
        using var model = new Loaded(folder, weights, config);
        for (int i = 0; i < 3; i++)
            model.Check(i, model.Run([i], int.MaxValue)[0]);
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void Three_inputs_as_one_ragged_batch(string folder, string weights, string config)
    {
        using var model = new Loaded(folder, weights, config);
        var outputs = model.Run([0, 1, 2], int.MaxValue);
        for (int i = 0; i < 3; i++)
            model.Check(i, outputs[i]);
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void In_pieces_of_16_and_token_by_token(string folder, string weights, string config)
    {
        using var model = new Loaded(folder, weights, config);
        if (!model.Config.Architecture.Causal)
            return;                                             // encoders see the whole text at once
        foreach (int piece in (int[])[16, 1])
        {
            for (int i = 0; i < 3; i++)
                model.Check(i, model.Run([i], piece)[0]);
            var together = model.Run([0, 1, 2], piece);
            for (int i = 0; i < 3; i++)
                model.Check(i, together[i]);
        }
    }

    [SharedTheory]
    [MemberData(nameof(Models))]
    public void Hidden_states_of_every_layer(string folder, string weights, string config)
    {
        using var model = new Loaded(folder, weights, config);
        var states = new List<float[]>();
        model.Run([1], int.MaxValue, (layer, values) =>
        {
            layer.ShouldBe(states.Count);
            states.Add(values.ToArray());
        });
        states.Count.ShouldBe(model.Config.Layers.Count + 1);
        for (int layer = 0; layer < states.Count; layer++)
            Compare(model.Reference($"hidden_1_{layer}"), states[layer], $"{folder} layer {layer}");
    }

    [SharedFact]
    public void Every_vector_width_and_number_of_threads_agrees_with_the_reference()
    {
        foreach (var width in VectorWidths.Available)
        {
            foreach (int threads in (int[])[1, 3])
            {
                using var model = new Loaded("gemma2", "model.safetensors", "config.json", width, threads);
                var outputs = model.Run([0, 1, 2], 16);
                for (int i = 0; i < 3; i++)
                    model.Check(i, outputs[i]);
            }
        }
    }

    [SharedFact]
    public void A_row_does_not_depend_on_its_company_nor_on_the_pieces_of_its_prompt()
    {
        using var model = new Loaded("qwen3", "model.safetensors", "config.json");
        float[] alone = model.Run([1], int.MaxValue)[0];
        model.Run([0, 1, 2], int.MaxValue)[1].ShouldBe(alone);
        model.Run([1], 16)[0].ShouldBe(alone);
        model.Run([0, 1, 2], 1)[1].ShouldBe(alone);
    }

    private static void Compare(float[] expected, ReadOnlySpan<float> actual, string what)
    {
        actual.Length.ShouldBe(expected.Length, what);
        float largest = expected.Max(Math.Abs), worst = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            float difference = Math.Abs(expected[i] - actual[i]);
            worst = float.IsNaN(difference) ? float.PositiveInfinity : Math.Max(worst, difference);
        }
        (worst / largest).ShouldBeLessThan(Bar, what);
    }

    private sealed class Loaded : IDisposable
    {
        private readonly string _name;
        private readonly ITensorFile _file;
        private readonly SafetensorsFile _reference;
        private readonly WorkerPool _pool;
        private readonly Transformer _transformer;

        public Loaded(string folder, string weights, string config, VectorWidth? width = null, int threads = 2)
        {
            string Path(string name) => SharedData.Path("data", "conformance", folder, name);
            _name = $"{folder}/{weights} {config}";
            bool gguf = weights.EndsWith(".gguf", StringComparison.Ordinal);
            _file = gguf ? GgufFile.Open(Path(weights)) : SafetensorsFile.Open(Path(weights));
            Config = gguf ? GgufConfig.Read((GgufFile)_file) : HuggingFaceConfig.Read(Path(config));
            _reference = SafetensorsFile.Open(Path("reference.safetensors"));
            _pool = new WorkerPool(threads);
            _transformer = new Transformer(Config, _file, gguf, _pool, ExecutionPath.Portable(width ?? VectorWidths.Current));
        }

        public ModelConfig Config { get; }

        public float[] Reference(string name)
        {
            _reference.TryGetTensor(name, out var tensor).ShouldBeTrue(name);
            return tensor!.ToFloats();
        }

        /// <summary>The outputs of some inputs, run side by side in pieces.</summary>
        public float[][] Run(int[] inputs, int piece, HiddenStateReader? reader = null)
        {
            int[][] ids = [.. inputs.Select(i => Reference($"input_ids_{i}").Select(id => (int)id).ToArray())];
            var layout = _transformer.KvLayout;
            TestSequence[] sequences = [.. ids.Select(_ => new TestSequence(layout))];
            List<float>[] results = [.. ids.Select(_ => new List<float>())];
            var batch = new Batch();
            while (Enumerable.Range(0, ids.Length).Any(i => sequences[i].Length < ids[i].Length))
            {
                batch.Clear();
                batch.HiddenStates = reader;
                var owners = new List<(int Sequence, int Rows)>();
                for (int i = 0; i < ids.Length; i++)
                {
                    int rows = Math.Min(piece, ids[i].Length - sequences[i].Length);
                    if (rows == 0)
                        continue;
                    bool longRope = Config.UsesLongRope(ids[i].Length);
                    sequences[i].AddTo(batch, ids[i].AsSpan(sequences[i].Length, rows), OutputRows.All, longRope);
                    owners.Add((i, rows));
                }
                var outputs = new float[batch.OutputRows.Length * Config.Outputs];
                _transformer.Forward(batch, outputs);
                int row = 0;
                foreach (var (sequence, rows) in owners)
                {
                    results[sequence].AddRange(outputs.AsSpan(row * Config.Outputs, rows * Config.Outputs));
                    row += rows;
                }
            }
            foreach (var sequence in sequences)
                sequence.Dispose();
            return [.. results.Select(r => r.ToArray())];
        }

        public void Check(int input, float[] outputs)
        {
            var expected = Reference($"output_{input}");
            if (Config.Head == HeadKind.SequenceScore)
                outputs = outputs[^Config.Labels..];            // read at the last token
            Compare(expected, outputs, $"{_name} input {input}");
        }

        public void Dispose()
        {
            _transformer.Dispose();
            _pool.Dispose();
            _file.Dispose();
            _reference.Dispose();
        }
    }
}
