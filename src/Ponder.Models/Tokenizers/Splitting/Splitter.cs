using Ponder.Models.Tokenizers.Models;

namespace Ponder.Models.Tokenizers.Splitting;

/// <summary>Cuts a text into pieces that no token crosses (a pre-tokenizer), and hands each piece to the next stage. Thread-safe.</summary>
internal abstract class Splitter
{
    /// <summary>Cuts <paramref name="text"/>, which is not empty.</summary>
    /// <param name="text">A segment of the text between added tokens, or a piece of one.</param>
    /// <param name="atStart">True when the segment begins the whole text.</param>
    /// <param name="rest">Takes the pieces, in order.</param>
    public abstract void Split(ReadOnlySpan<char> text, bool atStart, Stages rest);
}

/// <summary>The stages after a splitter: further splitters, and the model at the end.</summary>
internal readonly struct Stages(Splitter[] splitters, TokenModel model, List<int> ids, int index = 0)
{
    /// <summary>Runs a piece through the stages.</summary>
    public void Take(ReadOnlySpan<char> piece, bool atStart)
    {
        if (piece.IsEmpty)
            return;
        if (index == splitters.Length)
            model.Encode(piece, ids);
        else
            splitters[index].Split(piece, atStart, new Stages(splitters, model, ids, index + 1));
    }
}
