namespace Ponder.Replay.Traces;

/// <summary>
/// What a cache that never forgets would save: the longest beginning of a prompt's blocks that an earlier prompt had. Looks at block ids alone and knows
/// nothing of the engine. The last token of a prompt is always computed, since its outputs are needed.
/// </summary>
internal sealed class UnlimitedCache
{
    private readonly Node _root = new();

    /// <summary>Tokens of the prompt that need no computation; then the prompt is remembered.</summary>
    public int Reuse(MooncakeTrace.Prompt prompt)
    {
        var node = _root;
        int reused = 0;
        bool isKnown = true;
        for (int i = 0; i < prompt.Blocks.Length; i++)
        {
            var key = (prompt.Blocks[i], prompt.TokensOf(i));           // a part of a block is another block
            isKnown &= node.Next.TryGetValue(key, out var next);
            if (isKnown)
                reused += prompt.TokensOf(i);
            else
                node.Next[key] = next = new Node();
            node = next!;
        }
        return Math.Min(reused, prompt.Tokens - 1);
    }

    private sealed class Node
    {
        public Dictionary<(int Block, int Tokens), Node> Next { get; } = [];
    }
}
