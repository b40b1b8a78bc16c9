using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>Layers that see equally far back and so share pages: a page holds their keys and values of some positions, layer by layer.</summary>
/// <param name="Layers">Layers of the group.</param>
/// <param name="Window">A query sees this many newest positions, its own included; 0 for all.</param>
/// <param name="BytesPerPage">Bytes of a page of these layers.</param>
public readonly record struct KvGroup(int Layers, int Window, long BytesPerPage)
{
    /// <summary>
    /// The first page that a sequence of some length still needs: what comes before is seen neither by the query at position
    /// <paramref name="length"/> nor by later ones. Attention begins to read at the page of the first position that the first query of a batch
    /// sees, wherever its chunks begin, so nothing before this page is read either.
    /// </summary>
    public int FirstNeededPage(int length) => Window > 0 ? Math.Max(0, length - Window + 1) / Attention.PageTokens : 0;
}
