using Ponder.Models.Tokenizers;

namespace Ponder.Reasoning.Rewards;

/// <summary>A thought as a reward model reads it.</summary>
/// <param name="Ids">Its tokens, the prompt's first, up to the last place: what comes behind need not be computed.</param>
/// <param name="Places">The tokens behind which rewards are read, in order; the last may be that of a step that has not ended.</param>
internal sealed record StepReading(int[] Ids, int[] Places)
{
    /// <summary>Finds the steps of a thought.</summary>
    /// <param name="tokenizer">Decodes the tokens.</param>
    /// <param name="ids">All tokens, the prompt's first.</param>
    /// <param name="prompt">How many of them are prompt, at least 1.</param>
    /// <param name="length">Characters of the text behind the prompt. Tokens beyond them spelt what ended the text and are left out, control tokens excepted.</param>
    /// <param name="mark">Ends a step; empty for none. What holds nothing but blanks is no step.</param>
    /// <param name="tag">Tokens to put behind every step, which are then read at the last of them; may be empty.</param>
    public static StepReading Of(Tokenizer tokenizer, IReadOnlyList<int> ids, int prompt, int length, string mark, IReadOnlyList<int> tag)
    {
        var read = new List<int>(ids.Take(prompt));
        var places = new List<int>();
        var decoder = tokenizer.CreateDecoder(continues: true);
        string step = "";                                       // the text since the last mark
        int characters = 0, lastOfText = prompt - 1;
        for (int i = prompt; i < ids.Count; i++)
        {
            if (characters >= length && !tokenizer.IsSpecial(ids[i]))
                break;
            read.Add(ids[i]);
            string piece = decoder.Add(ids[i]);
            characters += piece.Length;
            step += piece;
            if (!string.IsNullOrWhiteSpace(piece))
                lastOfText = read.Count - 1;
            int at = mark.Length == 0 || piece.Length == 0 ? -1 : step.LastIndexOf(mark, StringComparison.Ordinal);
            if (at < 0)
                continue;
            if (!string.IsNullOrWhiteSpace(step[..at]))
                EndStep(read.Count - 1);
            step = step[(at + mark.Length)..];
        }
        if (places.Count == 0 || !string.IsNullOrWhiteSpace(step))
            EndStep(mark.Length == 0 ? read.Count - 1 : lastOfText);
        return new StepReading([.. read.Take(places[^1] + 1)], [.. places]);

        void EndStep(int last)
        {
            if (tag.Count > 0)
                read.InsertRange(last + 1, tag);
            places.Add(last + tag.Count);
        }
    }
}
