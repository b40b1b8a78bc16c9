namespace Ponder.Numerics.Kernels;

/// <summary>What one attention layer computes.</summary>
/// <param name="Heads">Query heads, a multiple of <paramref name="KvHeads"/>.</param>
/// <param name="KvHeads">Key and value heads (grouped queries: Ainslie et al., arXiv 2305.13245).</param>
/// <param name="HeadSize">Values of a head.</param>
/// <param name="Scale">Multiplies the scores, usually 1 / sqrt(head size).</param>
/// <param name="Softcap">c &gt; 0 squashes scores to c * tanh(score / c) (Gemma 2); 0 leaves them.</param>
/// <param name="Window">A query sees this many newest positions, its own included; 0 for all.</param>
/// <param name="Causal">False lets every query see the whole sequence (encoders).</param>
/// <param name="Format">The numbers in the pages.</param>
public readonly record struct AttentionShape(
    int Heads, int KvHeads, int HeadSize, float Scale, float Softcap, int Window, bool Causal, KvFormat Format)
{
    /// <summary>How a KV head lies in a page.</summary>
    public KvHead KvHead => new(Format, HeadSize);

    /// <summary>Query heads that share a KV head.</summary>
    internal int Group => Heads / KvHeads;

    /// <summary>First position that the query at a position sees.</summary>
    internal int Begin(int position) => Window > 0 && Causal ? Math.Max(0, position - Window + 1) : 0;

    /// <summary>Past the last position that the query at a position sees.</summary>
    internal int End(int position, int length) => Causal ? position + 1 : length;
}

/// <summary>Some consecutive query tokens of one sequence, and where its keys and values lie.</summary>
/// <param name="FirstRow">The row of the first query token in the batch.</param>
/// <param name="Rows">Query tokens.</param>
/// <param name="FirstPosition">The position of the first query token in its sequence.</param>
/// <param name="Length">Positions of the sequence that hold keys, these tokens included.</param>
/// <param name="Pages">Addresses of the sequence's pages, one a page of <see cref="Attention.PageTokens"/> positions.</param>
public readonly unsafe record struct AttentionSpan(int FirstRow, int Rows, int FirstPosition, int Length, nint Pages);
