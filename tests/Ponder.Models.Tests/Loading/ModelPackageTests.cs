using Ponder.Models.Files;
using Ponder.Models.Loading;
using Ponder.Models.Transformers;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Loading;

public sealed class ModelPackageTests : IDisposable
{
    private readonly TinyLlama _model = new();
    private readonly WorkerPool _pool = new(1);

    [Fact]
    public void A_sound_model_loads_and_runs()
    {
        _model.Save();
        Load(transformer =>
        {
            transformer.IsTied.ShouldBeTrue();
            var logits = new float[40];
            Run(transformer, [3, 1, 4], 0, logits);
            logits.ShouldAllBe(logit => float.IsFinite(logit));
            logits.Distinct().Count().ShouldBeGreaterThan(30);
        });
    }

    [Fact]
    public void A_head_of_its_own_and_biases_are_used_where_the_file_has_them()
    {
        _model.Set("lm_head.weight", 40, 8);
        _model.Set("model.layers.0.self_attn.q_proj.bias", 8);
        _model.Save();
        Load(transformer => transformer.IsTied.ShouldBeFalse());
    }

    [Theory]
    [InlineData("model.embed_tokens.weight")]
    [InlineData("model.norm.weight")]
    [InlineData("model.layers.0.input_layernorm.weight")]
    [InlineData("model.layers.0.self_attn.k_proj.weight")]
    [InlineData("model.layers.0.mlp.down_proj.weight")]
    public void A_missing_tensor_is_named(string name)
    {
        _model.Tensors.Remove(name);
        _model.Save();
        ShouldFail($"tensor '{name}' is missing");
    }

    [Theory]
    [InlineData("model.embed_tokens.weight", 39, 8)]
    [InlineData("model.embed_tokens.weight", 8, 40)]
    [InlineData("model.norm.weight", 9, 1)]
    [InlineData("model.layers.0.self_attn.v_proj.weight", 8, 8)]
    [InlineData("model.layers.0.mlp.down_proj.weight", 12, 8)]
    [InlineData("model.layers.0.mlp.up_proj.weight", 0, 8)]
    [InlineData("lm_head.weight", 41, 8)]
    [InlineData("model.layers.0.self_attn.q_proj.bias", 8, 1)]
    public void A_tensor_of_another_shape_is_named_with_both_shapes(string name, int rows, int columns)
    {
        _model.Set(name, rows, columns);
        _model.Save();
        ShouldFail($"tensor '{name}' has shape [{rows}, {columns}], but the config asks for [");
    }

    [Theory]
    [InlineData("model.embed_tokens.weight", 40, 8)]
    [InlineData("model.layers.0.self_attn.q_proj.weight", 8, 8)]
    public void A_tensor_of_integers_is_no_weight(string name, int rows, int columns)
    {
        _model.Tensors[name] = new TensorDeclaration(name, NumberFormats.FromName("I32")!, [rows, columns]);
        _model.Save();
        ShouldFail($"tensor '{name}' holds I32 values, which are not weights");
    }

    [Fact]
    public void A_vocabulary_larger_than_the_embedding_is_refused_with_both_sizes()
    {
        _model.Save();
        string policy = Path.Combine(SharedData.Repository, "models", "puzzles", "policy");
        foreach (string file in (string[])["tokenizer.json", "tokenizer_config.json"])
            File.Copy(Path.Combine(policy, file), _model[file]);
        using var package = ModelPackage.Open(_model.Folder);
        var error = Should.Throw<ModelFileException>(() => package.Tokenizer);
        error.Message.ShouldContain("1379");
        error.Message.ShouldContain("40");
    }

    [Fact]
    public void A_config_that_does_not_fit_closes_the_weights()
    {
        _model.Save(TinyLlama.Config.Replace("\"llama\"", "\"mamba\"", StringComparison.Ordinal));
        Should.Throw<ModelFileException>(() => ModelPackage.Open(_model.Folder));
        File.Delete(_model["config.json"]);
        Should.Throw<ModelFileException>(() => ModelPackage.Open(_model["model.safetensors"])).Message.ShouldContain("config.json");
    }

    [Fact]
    public void Recommended_sampling_is_read_where_it_stands()
    {
        _model.Save();
        Defaults(null).ShouldBe(new GenerationDefaults());
        Defaults("{}").ShouldBe(new GenerationDefaults());
        Defaults("""{ "do_sample": false, "temperature": 0.7 }""").ShouldBe(new GenerationDefaults { Temperature = 0 });
        Defaults("""{ "do_sample": true, "temperature": 0.7, "top_p": 0.9, "top_k": 20, "min_p": 0.05 }""")
            .ShouldBe(new GenerationDefaults { Temperature = 0.7f, TopP = 0.9f, TopK = 20, MinP = 0.05f });
        Defaults("""{ "typical_p": 0.9, "repetition_penalty": 1.1 }""").ShouldBe(new GenerationDefaults { Typical = 0.9f, RepetitionPenalty = 1.1f });
        Defaults("""{ "do_sample": false, "typical_p": 0.9, "repetition_penalty": 1.1 }""")
            .ShouldBe(new GenerationDefaults { Temperature = 0, RepetitionPenalty = 1.1f });
        Should.Throw<ModelFileException>(() => Defaults("""{ "top_k": "many" }""")).Message.ShouldContain("top_k");

        GenerationDefaults Defaults(string? json)
        {
            if (json is not null)
                File.WriteAllText(_model["generation_config.json"], json);
            using var package = ModelPackage.Open(_model.Folder);
            return package.Defaults;
        }
    }

    [Fact]
    public void A_batch_is_checked_before_it_is_run()
    {
        _model.Save();
        Load(transformer =>
        {
            using var pages = new PageTable();
            var batch = new Batch();
            Should.Throw<ArgumentException>(() => batch.Add([1], 0, pages, false, OutputRows.All)).Message.ShouldContain("0 pages do not hold 1");
            Should.Throw<ArgumentException>(() => batch.Add([], 0, pages, false, OutputRows.All));
            Should.Throw<ArgumentOutOfRangeException>(() => batch.Add([1], -1, pages, false, OutputRows.All));
            Should.Throw<ArgumentException>(() => Run(transformer, [1], 0, new float[39])).Message.ShouldContain("40 outputs");
            foreach (int id in (int[])[-1, 40])
                Should.Throw<ArgumentOutOfRangeException>(() => Run(transformer, [1, id], 0, new float[40])).Message.ShouldContain("0 to 39");
            Should.Throw<ArgumentOutOfRangeException>(() => pages[0]);
            Should.Throw<ArgumentOutOfRangeException>(() => pages.RemoveLast());
        });
    }

    public void Dispose()
    {
        _pool.Dispose();
        _model.Dispose();
    }

    private static void Run(Transformer transformer, int[] ids, int position, float[] outputs)
    {
        using var sequence = new Transformers.TestSequence(transformer.KvLayout);
        var batch = new Batch();
        sequence.AddTo(batch, ids, OutputRows.Last);
        sequence.Length.ShouldBe(position + ids.Length);
        transformer.Forward(batch, outputs);
    }

    private void Load(Action<Transformer> use)
    {
        using var package = ModelPackage.Open(_model.Folder);
        using var transformer = new Transformer(package.Config, package.Weights, package.Path.IsGguf, _pool, ExecutionPath.Portable(VectorWidths.Current));
        use(transformer);
    }

    private void ShouldFail(string message)
    {
        var error = Should.Throw<ModelFileException>(() => Load(_ => { }));
        error.Path.ShouldBe(_model["model.safetensors"]);
        error.Message.ShouldContain(message);
    }
}
