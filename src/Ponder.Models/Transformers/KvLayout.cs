using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>
/// How keys and values of <see cref="Attention.PageTokens"/> consecutive positions lie in a page: layer by layer, in each one <see cref="KvHead"/>
/// after the other.
/// </summary>
/// <param name="Layers">Layers of the model.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadSize">Values of a head.</param>
/// <param name="Format">The format of the numbers.</param>
public readonly record struct KvLayout(int Layers, int KvHeads, int HeadSize, KvFormat Format)
{
    /// <summary>The layout of a model.</summary>
    public static KvLayout Of(ModelConfig config, KvFormat format) => new(config.Layers.Count, config.KvHeads, config.HeadSize, format);

    /// <summary>How one KV head lies in a page.</summary>
    public KvHead Head => new(Format, HeadSize);

    /// <summary>Bytes of one layer in a page.</summary>
    public long BytesPerLayer => (long)KvHeads * Head.Bytes;

    /// <summary>Bytes of a page.</summary>
    public long BytesPerPage => BytesPerLayer * Layers;

    /// <summary>Pages that <paramref name="tokens"/> positions need.</summary>
    public static int PagesFor(int tokens) => (tokens + Attention.PageTokens - 1) / Attention.PageTokens;
}
