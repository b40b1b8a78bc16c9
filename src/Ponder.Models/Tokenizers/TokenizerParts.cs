using Ponder.Models.Tokenizers.Models;
using Ponder.Models.Tokenizers.Normalizing;
using Ponder.Models.Tokenizers.Splitting;

namespace Ponder.Models.Tokenizers;

/// <summary>What a tokenizer is made of; every file format fills in the same parts.</summary>
internal sealed record TokenizerParts
{
    /// <summary>The tokens.</summary>
    public required Vocabulary Vocabulary { get; init; }

    /// <summary>Turns pieces into ids.</summary>
    public required TokenModel Model { get; init; }

    /// <summary>Special ids by role.</summary>
    public required SpecialTokens Special { get; init; }

    /// <summary>Changes the text before it is cut; null leaves it alone.</summary>
    public Normalizer? Normalizer { get; init; }

    /// <summary>Cut the text into pieces, one after the other.</summary>
    public Splitter[] Splitters { get; init; } = [];

    /// <summary>Tokens found in the text before anything else.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    /// <summary>Ids before a text (<see cref="EncodeOptions.AddSpecial"/>).</summary>
    public int[] Prefix { get; init; } = [];

    /// <summary>Ids after a text.</summary>
    public int[] Suffix { get; init; } = [];

    /// <summary>Spaces that a decoded text loses at its beginning.</summary>
    public int LeadingSpaces { get; init; }
}
