using System.Text.Json;

namespace Ponder.Replay.Traces;

/// <summary>
/// A trace of requests whose prompts are described by the ids of their 512-token blocks: JSON lines with <c>input_length</c> and <c>hash_ids</c>.
/// Qin et al., "Mooncake", FAST 2025. Here a block becomes one page of 16 tokens, and lengths are divided by 32.
/// </summary>
internal static class MooncakeTrace
{
    /// <summary>Tokens of a block here.</summary>
    public const int BlockTokens = 16;

    private const int Shrink = 512 / BlockTokens;

    /// <summary>Tokens of the model that the prompts are for.</summary>
    public const int Vocabulary = 512;

    /// <summary>A prompt: its length in tokens and the ids of its blocks, the last of which may be a part.</summary>
    public sealed record Prompt(int Tokens, int[] Blocks)
    {
        /// <summary>How many tokens of a block belong to the prompt.</summary>
        public int TokensOf(int block) => Math.Min(BlockTokens, Tokens - block * BlockTokens);

        /// <summary>The tokens; blocks with different ids differ in every one of their first four tokens' digits together.</summary>
        public int[] Ids()
        {
            var ids = new int[Tokens];
            for (int i = 0; i < Tokens; i++)
                ids[i] = TokenOf(Blocks[i / BlockTokens], i % BlockTokens);
            return ids;
        }
    }

    /// <summary>Reads the first prompts.</summary>
    /// <exception cref="InvalidDataException">A line is no request.</exception>
    public static IReadOnlyList<Prompt> Read(string path, int count)
    {
        var prompts = new List<Prompt>();
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0).Take(count))
        {
            try
            {
                using var json = JsonDocument.Parse(line);
                int length = json.RootElement.GetProperty("input_length").GetInt32();
                int[] blocks = [.. json.RootElement.GetProperty("hash_ids").EnumerateArray().Select(id => id.GetInt32())];
                int tokens = Math.Max(1, length / Shrink);
                if (blocks.Length * BlockTokens < tokens)
                    throw new InvalidDataException($"{path}, line {prompts.Count + 1}: {blocks.Length} blocks do not hold {length} tokens.");
                prompts.Add(new Prompt(tokens, blocks[..((tokens + BlockTokens - 1) / BlockTokens)]));
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new InvalidDataException($"{path}, line {prompts.Count + 1}: not a request with input_length and hash_ids.", error);
            }
        }
        return prompts;
    }

    // The id's digits first, so that no two blocks are alike; then digits of a product with the id, so that tokens vary.
    private static int TokenOf(int block, int index)
    {
        const int Base = Vocabulary - 8;
        ulong digits = index < 4 ? (ulong)block : (ulong)(uint)block * 0x9E37_79B9_7F4A_7C15;
        for (int i = 0; i < index % 4; i++)
            digits /= Base;
        return 8 + (int)((digits + (ulong)index / 4) % Base);
    }
}
