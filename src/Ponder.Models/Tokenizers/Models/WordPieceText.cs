namespace Ponder.Models.Tokenizers.Models;

/// <summary>How WordPiece tokens join.</summary>
internal static class WordPieceText
{
    /// <summary>
    /// A token that begins a word: a space before it, but with <paramref name="cleanup"/> none before the signs that end
    /// a sentence or a clause.
    /// </summary>
    public static string AfterSpace(string name, bool cleanup) => cleanup && name is ("." or "," or "!" or "?") ? name : " " + name;
}
