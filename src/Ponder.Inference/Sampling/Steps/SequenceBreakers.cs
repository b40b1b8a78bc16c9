using System.Text;
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Sampling.Steps;

/// <summary>The tokens that end a repetition for DRY.</summary>
internal static class SequenceBreakers
{
    /// <summary>
    /// Marks the tokens that hold one of the texts (<c>:</c> is in <c>):</c> too) and, of a text that none holds, the last of its tokens.
    /// </summary>
    /// <param name="texts">Texts, none empty.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="vocabulary">Ids that a draw may give.</param>
    /// <returns>[<paramref name="vocabulary"/>].</returns>
    public static bool[] Find(IReadOnlyList<string> texts, Tokenizer tokenizer, int vocabulary)
    {
        var breakers = new bool[vocabulary];
        foreach (string text in texts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(text);
            bool found = false;
            for (int id = 0; id < Math.Min(vocabulary, tokenizer.VocabularySize); id++)
            {
                if (tokenizer.BytesOf(id).Span.IndexOf(bytes) >= 0)
                    found = breakers[id] = true;
            }
            if (!found && LastToken(text, tokenizer) is { } last && last < vocabulary)
                breakers[last] = true;
        }
        return breakers;
    }

    private static int? LastToken(string text, Tokenizer tokenizer)
    {
        try
        {
            int[] tokens = tokenizer.Encode("a" + text, new EncodeOptions { ParseSpecial = true });     // within a text: without the mark of its beginning
            return tokens.Length > 0 ? tokens[^1] : null;
        }
        catch (TokenizerException)
        {
            return null;                                        // what the vocabulary cannot express, the model cannot write
        }
    }
}
