namespace Ponder.Inference.Generation;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model's own end token.</summary>
    EndToken,

    /// <summary>A stop text: <see cref="StopRule.Text"/>.</summary>
    StopText,

    /// <summary><see cref="GenerationOptions.MaxTokens"/>, or the end of the context.</summary>
    Length,

    /// <summary>A token: <see cref="StopRule.Token"/>.</summary>
    StopToken,

    /// <summary>A regular expression: <see cref="StopRule.Pattern"/>.</summary>
    StopPattern,

    /// <summary>The end of a step: <see cref="StopRule.Delimiter"/>.</summary>
    Delimiter,

    /// <summary>The caller's own condition: <see cref="StopRule.When"/>.</summary>
    Callback,
}
