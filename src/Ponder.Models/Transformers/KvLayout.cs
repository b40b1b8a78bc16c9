using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>
/// How keys and values of <see cref="Attention.PageTokens"/> consecutive positions lie in pages. Layers that see equally far back form a group with
/// pages of its own; in a page they lie layer by layer, in each one <see cref="KvHead"/> after the other.
/// </summary>
public sealed class KvLayout
{
    private readonly (int Group, int Index)[] _places;          // of every layer

    /// <summary>The layout of layers with windows.</summary>
    /// <param name="windows">For each layer: a query sees this many newest positions; 0 for all. At least one layer.</param>
    /// <param name="kvHeads">Key and value heads.</param>
    /// <param name="headSize">Values of a head.</param>
    /// <param name="format">The format of the numbers.</param>
    public KvLayout(IReadOnlyList<int> windows, int kvHeads, int headSize, KvFormat format)
    {
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentOutOfRangeException.ThrowIfZero(windows.Count, nameof(windows));
        KvHeads = kvHeads;
        Head = new KvHead(format, headSize);
        int[] distinct = [.. windows.Distinct().Order()];
        var layers = new int[distinct.Length];
        _places = new (int, int)[windows.Count];
        for (int layer = 0; layer < windows.Count; layer++)
        {
            int group = Array.IndexOf(distinct, windows[layer]);
            _places[layer] = (group, layers[group]++);
        }
        Groups = [.. distinct.Select((window, group) => new KvGroup(layers[group], window, layers[group] * BytesPerLayer))];
    }

    /// <summary>The layout of layers that all see the whole sequence.</summary>
    /// <param name="layers">Layers, at least one.</param>
    /// <param name="kvHeads">Key and value heads.</param>
    /// <param name="headSize">Values of a head.</param>
    /// <param name="format">The format of the numbers.</param>
    public KvLayout(int layers, int kvHeads, int headSize, KvFormat format) : this(new int[layers], kvHeads, headSize, format)
    {
    }

    /// <summary>Key and value heads.</summary>
    public int KvHeads { get; }

    /// <summary>How one KV head lies in a page.</summary>
    public KvHead Head { get; }

    /// <summary>The format of the numbers.</summary>
    public KvFormat Format => Head.Format;

    /// <summary>Groups of layers, ascending by window: the one that sees everything, if there is one, comes first.</summary>
    public IReadOnlyList<KvGroup> Groups { get; }

    /// <summary>Bytes of one layer in a page.</summary>
    public long BytesPerLayer => (long)KvHeads * Head.Bytes;

    /// <summary>Bytes of <see cref="Attention.PageTokens"/> positions in all layers: of one page of every group.</summary>
    public long BytesPerPage => BytesPerLayer * _places.Length;

    /// <summary>The layout of a model. A window that is as long as the context is none.</summary>
    public static KvLayout Of(ModelConfig config, KvFormat format)
    {
        ArgumentNullException.ThrowIfNull(config);
        bool Hides(int window) => config.Architecture.Causal && window > 0 && window < config.Context;
        return new KvLayout([.. config.Layers.Select(layer => Hides(layer.Window) ? layer.Window : 0)], config.KvHeads, config.HeadSize, format);
    }

    /// <summary>Pages of each group that <paramref name="tokens"/> positions need.</summary>
    public static int PagesFor(int tokens) => (tokens + Attention.PageTokens - 1) / Attention.PageTokens;

    /// <summary>The group of a layer.</summary>
    internal int GroupOf(int layer) => _places[layer].Group;

    /// <summary>Bytes from the beginning of a page of the layer's group to the layer's part of it.</summary>
    internal nint OffsetOf(int layer) => (nint)(_places[layer].Index * BytesPerLayer);
}
