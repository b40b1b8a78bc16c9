namespace Ponder.Models.Tokenizers;

/// <summary>A token that is found in the text before anything else, such as <c>&lt;|im_start|&gt;</c>.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>A control token: found only where the caller asks for it.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Swallows white space before it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Swallows white space after it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Found only between characters that are not part of a word.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>Found in the normalized text instead of the text as given.</summary>
    public bool IsNormalized { get; init; }
}
