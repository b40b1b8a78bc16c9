namespace Ponder.Models.Gguf.Synthesis;

/// <summary>
/// A byte-level BPE vocabulary of any size that needs no training text: three control tokens, the 256 bytes, and then every string of
/// letters, with or without a space in front, from short to long. The merge that makes a string joins all but its last letter with the last.
/// </summary>
internal static class RandomTokenizer
{
    /// <summary>The control tokens, from id 0.</summary>
    private static readonly string[] Control = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    /// <summary>Most frequent first, so that small vocabularies have the likely strings.</summary>
    private const string Letters = "etaoinshrdlcumwfgypbvkjxqz";

    private const string ChatTemplate =
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    /// <summary>Adds the tokenizer's keys.</summary>
    /// <param name="metadata">Receives them.</param>
    /// <param name="preTokenizer">The name of the pre-tokenizer.</param>
    /// <param name="size">Tokens, at least 259; above about 490,000 the strings would get longer than four letters, which works as well.</param>
    public static void Describe(GgufMetadata metadata, string preTokenizer, int size)
    {
        var tokens = new List<string>(size);
        tokens.AddRange(Control);
        for (int i = 0; i < 256; i++)
            tokens.Add(ByteCharacter((byte)i).ToString());
        var merges = new List<string>(size);
        var queue = new Queue<string>(Letters.Select(c => c.ToString()).Prepend(ByteCharacter((byte)' ').ToString()));
        while (tokens.Count < size)
        {
            string start = queue.Dequeue();
            foreach (char letter in Letters.Take(size - tokens.Count))
            {
                merges.Add($"{start} {letter}");
                tokens.Add(start + letter);
                queue.Enqueue(start + letter);
            }
        }
        const int NormalType = 1, ControlType = 3;
        metadata.Set("tokenizer.ggml.model", "gpt2");
        metadata.Set("tokenizer.ggml.pre", preTokenizer);
        metadata.Set("tokenizer.ggml.tokens", tokens.ToArray());
        metadata.Set("tokenizer.ggml.token_type", tokens.Select((_, i) => i < Control.Length ? ControlType : NormalType).ToArray());
        metadata.Set("tokenizer.ggml.merges", merges.ToArray());
        metadata.Set("tokenizer.ggml.bos_token_id", 1u);
        metadata.Set("tokenizer.ggml.eos_token_id", 2u);
        metadata.Set("tokenizer.ggml.unknown_token_id", 0u);
        metadata.Set("tokenizer.ggml.padding_token_id", 2u);
        metadata.Set("tokenizer.ggml.add_bos_token", false);
        metadata.Set("tokenizer.chat_template", ChatTemplate);
    }

    /// <summary>The character that stands for a byte in byte-level BPE: itself if it is visible in Latin-1, else one from U+0100 on.</summary>
    internal static char ByteCharacter(byte value)
    {
        if (Visible(value))
            return (char)value;
        int hidden = 0;
        for (int i = 0; i < value; i++)
            hidden += Visible(i) ? 0 : 1;
        return (char)(256 + hidden);
    }

    private static bool Visible(int value) => value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174;
}
