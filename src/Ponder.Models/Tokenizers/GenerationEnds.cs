namespace Ponder.Models.Tokenizers;

/// <summary>The tokens that end an answer.</summary>
internal static class GenerationEnds
{
    // Chat models end a turn with their own token, which many files do not declare as EOS.
    private static readonly string[] Names =
    [
        "<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|eot|>",
        "<|end_of_text|>", "<|end_of_turn|>", "<|END_OF_TURN_TOKEN|>", "</s>", "<｜end▁of▁sentence｜>",
    ];

    /// <summary>The declared ids and the well-known names that the vocabulary has as control tokens.</summary>
    public static IReadOnlySet<int> Collect(IEnumerable<int?> declared, Func<string, int?> controlToken) =>
        declared.Concat(Names.Select(controlToken)).OfType<int>().ToHashSet();
}
