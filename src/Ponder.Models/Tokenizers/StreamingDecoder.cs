namespace Ponder.Models.Tokenizers;

/// <summary>Decodes a stream of tokens to text; never emits half a character. Not thread-safe: one for each stream.</summary>
public abstract class StreamingDecoder
{
    /// <summary>Adds a token and returns the text that is complete now, often empty in the middle of a character.</summary>
    public abstract string Add(int id);

    /// <summary>Returns what is left at the end; an unfinished character becomes U+FFFD.</summary>
    public abstract string Flush();
}
