using System.Runtime.InteropServices;
using Ponder.Models.Files;
using Ponder.Models.Safetensors;
using Ponder.Models.Tests.Files;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Tests.Loading;

/// <summary>A llama of one layer in a folder of its own, to be damaged by tests.</summary>
internal sealed class TinyLlama : IDisposable
{
    public const string Config =
        """
        { "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": 40, "hidden_size": 8, "intermediate_size": 12,
          "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 1, "max_position_embeddings": 64, "rms_norm_eps": 1e-05 }
        """;

    private readonly TemporaryFolder _folder = new();

    public TinyLlama()
    {
        Tensors = new Dictionary<string, TensorDeclaration>();
        Set("model.embed_tokens.weight", 40, 8);
        Set("model.norm.weight", 8);
        Set("model.layers.0.input_layernorm.weight", 8);
        Set("model.layers.0.post_attention_layernorm.weight", 8);
        Set("model.layers.0.self_attn.q_proj.weight", 8, 8);
        Set("model.layers.0.self_attn.k_proj.weight", 4, 8);
        Set("model.layers.0.self_attn.v_proj.weight", 4, 8);
        Set("model.layers.0.self_attn.o_proj.weight", 8, 8);
        Set("model.layers.0.mlp.gate_proj.weight", 12, 8);
        Set("model.layers.0.mlp.up_proj.weight", 12, 8);
        Set("model.layers.0.mlp.down_proj.weight", 8, 12);
    }

    public Dictionary<string, TensorDeclaration> Tensors { get; }

    public string Folder => _folder.Root;

    public string this[string name] => _folder[name];

    public void Set(string name, params long[] shape) => Tensors[name] = new TensorDeclaration(name, NumberFormats.F32, shape);

    /// <summary>Writes config and weights: small random numbers, whatever the format of a tensor.</summary>
    public void Save(string config = Config)
    {
        File.WriteAllText(this["config.json"], config);
        var random = new Random(1);
        using var writer = new SafetensorsWriter(this["model.safetensors"], [.. Tensors.Values]);
        foreach (var tensor in Tensors.Values.Where(t => t.Count > 0))
        {
            float[] values = [.. Enumerable.Range(0, (int)tensor.Count).Select(_ => random.NextSingle() - 0.5f)];
            writer.Write(tensor.Name, tensor.Format == NumberFormats.F32 ? MemoryMarshal.AsBytes<float>(values) : new byte[tensor.ByteLength]);
        }
        writer.Complete();
    }

    public void Dispose() => _folder.Dispose();
}
