using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>
/// How keys and values of <see cref="Attention.PageTokens"/> consecutive positions lie in a page: layer by layer [2, kvHeads, PageTokens, headSize]
/// float32, keys first.
/// </summary>
/// <param name="Layers">Layers of the model.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadSize">Values of a head.</param>
public readonly record struct KvLayout(int Layers, int KvHeads, int HeadSize)
{
    /// <summary>The layout of a model.</summary>
    public static KvLayout Of(ModelConfig config) => new(config.Layers.Count, config.KvHeads, config.HeadSize);

    /// <summary>Float32 values of one layer in a page.</summary>
    public long FloatsPerLayer => 2L * KvHeads * Attention.PageTokens * HeadSize;

    /// <summary>Float32 values of a page.</summary>
    public long FloatsPerPage => FloatsPerLayer * Layers;

    /// <summary>Bytes of a page.</summary>
    public long BytesPerPage => FloatsPerPage * sizeof(float);

    /// <summary>Pages that <paramref name="tokens"/> positions need.</summary>
    public static int PagesFor(int tokens) => (tokens + Attention.PageTokens - 1) / Attention.PageTokens;
}
