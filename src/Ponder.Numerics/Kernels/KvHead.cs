namespace Ponder.Numerics.Kernels;

/// <summary>
/// How the keys and values of one KV head lie in its part of a page: the keys transposed, [headSize, <see cref="Attention.PageTokens"/>], so that a
/// vector holds one component of many positions and scores need no horizontal sums; then the values, [PageTokens, headSize]; then, for
/// <see cref="KvFormat.Int8"/>, the float32 scales of the keys and of the values, [PageTokens] each.
/// </summary>
/// <param name="Format">The format of the numbers.</param>
/// <param name="Size">Values of a head.</param>
public readonly record struct KvHead(KvFormat Format, int Size)
{
    /// <summary>Bytes of the head's part of a page, a multiple of 16.</summary>
    public int Bytes => 2 * ValuesAt + (Format == KvFormat.Int8 ? 2 * Attention.PageTokens * sizeof(float) : 0);

    /// <summary>Bytes of a number.</summary>
    internal int NumberBytes => Format switch { KvFormat.F32 => 4, KvFormat.Int8 => 1, _ => 2 };

    /// <summary>Bytes before the values.</summary>
    internal int ValuesAt => Attention.PageTokens * Size * NumberBytes;

    /// <summary>Bytes before the scales of the keys.</summary>
    internal int KeyScalesAt => 2 * ValuesAt;

    /// <summary>Bytes before the scales of the values.</summary>
    internal int ValueScalesAt => KeyScalesAt + Attention.PageTokens * sizeof(float);
}
