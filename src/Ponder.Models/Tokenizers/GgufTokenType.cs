namespace Ponder.Models.Tokenizers;

/// <summary>Kinds of tokens in a GGUF vocabulary (<c>tokenizer.ggml.token_type</c>), those of SentencePiece.</summary>
internal enum GgufTokenType
{
    /// <summary>Text.</summary>
    Normal = 1,

    /// <summary>Stands for what the vocabulary lacks.</summary>
    Unknown = 2,

    /// <summary>No text: begins or ends something.</summary>
    Control = 3,

    /// <summary>Text that is found before anything else.</summary>
    UserDefined = 4,

    /// <summary>Never found.</summary>
    Unused = 5,

    /// <summary>One byte of a character that has no token.</summary>
    Byte = 6,
}
