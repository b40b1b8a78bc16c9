using System.Runtime.InteropServices;
using Ponder.Models.Files;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Gguf.Synthesis;

/// <summary>
/// Writes a model of a known shape with random weights and a made-up tokenizer: a file to measure speed and memory on without a download.
/// Names and metadata are the ones that GGUF readers expect of the architecture. It speaks gibberish.
/// </summary>
public static class RandomModel
{
    private const int PoolValues = 1 << 20;
    private const int ChunkBytes = 1 << 22;

    /// <summary>Writes the model; the same arguments give the same bytes.</summary>
    /// <param name="path">The file; one that is there is replaced at the end.</param>
    /// <param name="shape">The sizes.</param>
    /// <param name="mix">The number formats.</param>
    /// <param name="seed">Any number.</param>
    /// <param name="progress">Told the part that is done, 0 to 1.</param>
    /// <param name="stop">Stops the work and leaves no file.</param>
    /// <exception cref="ModelFileException">The file cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was set.</exception>
    public static void Write(
        string path, ModelShape shape, QuantizationMix mix, int seed = 0, IProgress<double>? progress = null, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(mix);
        var tensors = Tensors(shape, mix).ToList();
        long total = tensors.Sum(t => t.ByteLength), written = 0;
        var pools = new Dictionary<NumberFormat, WeightPool>();
        var random = new Random(seed);
        byte[] chunk = [];
        using var writer = new GgufWriter(path, Metadata(path, shape, mix), tensors);
        foreach (var tensor in tensors)
        {
            if (tensor.Shape.Count == 1)
                writer.Write(tensor.Name, MemoryMarshal.AsBytes(Vector(tensor, shape, random).AsSpan()));
            else
                WriteMatrix(tensor);
            written += tensor.ByteLength;
            progress?.Report((double)written / total);
        }
        writer.Complete();

        void WriteMatrix(TensorDeclaration tensor)
        {
            if (!pools.TryGetValue(tensor.Format, out var pool))
            {
                long values = Math.Max(Math.Min(PoolValues, LargestOf(tensor.Format)), 2 * tensor.Shape[1]);
                pools.Add(tensor.Format, pool = new WeightPool(tensor.Format, values, seed));
            }
            long rowBytes = tensor.Format.BytesOf(tensor.Shape[1]);
            long rowsAtOnce = Math.Max(1, ChunkBytes / rowBytes);
            if (chunk.Length < rowsAtOnce * rowBytes)
                chunk = new byte[rowsAtOnce * rowBytes];
            for (long row = 0; row < tensor.Shape[0]; row += rowsAtOnce)
            {
                stop.ThrowIfCancellationRequested();
                var part = chunk.AsSpan(0, (int)(Math.Min(rowsAtOnce, tensor.Shape[0] - row) * rowBytes));
                pool.Draw(random, tensor.Shape[1], part);
                writer.Write(tensor.Name, part);
                progress?.Report((double)(written + row * rowBytes) / total);
            }
        }

        long LargestOf(NumberFormat format) => tensors.Where(t => t.Format == format).Max(t => t.Count);
    }

    /// <summary>The tensors, in the order of the file.</summary>
    internal static IEnumerable<TensorDeclaration> Tensors(ModelShape shape, QuantizationMix mix)
    {
        long width = shape.Width, queries = (long)shape.Heads * shape.HeadSize, keys = (long)shape.KvHeads * shape.HeadSize;
        yield return Matrix("token_embd", shape.Vocabulary, width, shape.Tied ? mix.ForOutput(width) : mix.ForMatrix(width));
        if (shape.RopeFactor != 1)
            yield return Floats("rope_freqs.weight", shape.HeadSize / 2);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string block = $"blk.{layer}.";
            yield return Floats(block + "attn_norm.weight", width);
            yield return Matrix(block + "attn_q", queries, width, mix.ForMatrix(width));
            yield return Matrix(block + "attn_k", keys, width, mix.ForMatrix(width));
            yield return Matrix(block + "attn_v", keys, width, mix.ForSensitive(width, layer, shape.Layers));
            if (shape.Architecture == "qwen2")
            {
                yield return Floats(block + "attn_q.bias", queries);
                yield return Floats(block + "attn_k.bias", keys);
                yield return Floats(block + "attn_v.bias", keys);
            }
            if (shape.Architecture == "qwen3")
            {
                yield return Floats(block + "attn_q_norm.weight", shape.HeadSize);
                yield return Floats(block + "attn_k_norm.weight", shape.HeadSize);
            }
            yield return Matrix(block + "attn_output", width, queries, mix.ForMatrix(queries));
            yield return Floats(block + "ffn_norm.weight", width);
            yield return Matrix(block + "ffn_gate", shape.FeedForward, width, mix.ForMatrix(width));
            yield return Matrix(block + "ffn_up", shape.FeedForward, width, mix.ForMatrix(width));
            yield return Matrix(block + "ffn_down", width, shape.FeedForward, mix.ForSensitive(shape.FeedForward, layer, shape.Layers));
        }
        yield return Floats("output_norm.weight", width);
        if (!shape.Tied)
            yield return Matrix("output", shape.Vocabulary, width, mix.ForOutput(width));
    }

    private static TensorDeclaration Matrix(string name, long rows, long columns, NumberFormat format) =>
        new(name + ".weight", format, [rows, columns]);

    private static TensorDeclaration Floats(string name, long count) => new(name, NumberFormats.F32, [count]);

    private static GgufMetadata Metadata(string path, ModelShape shape, QuantizationMix mix)
    {
        string prefix = shape.Architecture + ".";
        var metadata = new GgufMetadata(path);
        metadata.Set("general.architecture", shape.Architecture);
        metadata.Set("general.type", "model");
        metadata.Set("general.name", $"random {shape.Name}");
        metadata.Set("general.file_type", (uint)mix.FileType);
        metadata.Set("general.quantization_version", 2u);
        metadata.Set(prefix + "block_count", (uint)shape.Layers);
        metadata.Set(prefix + "context_length", (uint)shape.Context);
        metadata.Set(prefix + "embedding_length", (uint)shape.Width);
        metadata.Set(prefix + "feed_forward_length", (uint)shape.FeedForward);
        metadata.Set(prefix + "attention.head_count", (uint)shape.Heads);
        metadata.Set(prefix + "attention.head_count_kv", (uint)shape.KvHeads);
        metadata.Set(prefix + "attention.key_length", (uint)shape.HeadSize);
        metadata.Set(prefix + "attention.value_length", (uint)shape.HeadSize);
        metadata.Set(prefix + "attention.layer_norm_rms_epsilon", shape.NormEpsilon);
        metadata.Set(prefix + "rope.dimension_count", (uint)shape.HeadSize);
        metadata.Set(prefix + "rope.freq_base", shape.RopeBase);
        metadata.Set(prefix + "vocab_size", (uint)shape.Vocabulary);
        RandomTokenizer.Describe(metadata, shape.PreTokenizer, shape.Vocabulary);
        return metadata;
    }

    /// <summary>Norms are ones, biases small, rotary factors what the shape says.</summary>
    private static float[] Vector(TensorDeclaration tensor, ModelShape shape, Random random)
    {
        float[] values = new float[tensor.Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] =
                tensor.Name == "rope_freqs.weight" ? RotaryFactor(shape, i) :
                tensor.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0.04f * (random.NextSingle() - 0.5f) : 1;
        }
        return values;
    }

    /// <summary>
    /// What Llama 3.1 and later divide a rotary frequency by: 1 for waves shorter than a quarter of the original context, the full factor
    /// for those longer than all of it, and a blend between.
    /// </summary>
    private static float RotaryFactor(ModelShape shape, int pair)
    {
        const double LowFactor = 1, HighFactor = 4, OriginalContext = 8192;
        double wave = 2 * Math.PI * Math.Pow(shape.RopeBase, 2.0 * pair / shape.HeadSize);
        double blend = Math.Clamp((OriginalContext / wave - LowFactor) / (HighFactor - LowFactor), 0, 1);
        return (float)(1 / ((1 - blend) / shape.RopeFactor + blend));
    }
}
