namespace Ponder.Models.Tokenizers.Models;

/// <summary>The last stage of encoding: one piece of text, as the splitters cut it, becomes ids. Thread-safe.</summary>
internal abstract class TokenModel
{
    /// <summary>Appends the ids of <paramref name="piece"/>, which is not empty.</summary>
    public abstract void Encode(ReadOnlySpan<char> piece, List<int> ids);
}
