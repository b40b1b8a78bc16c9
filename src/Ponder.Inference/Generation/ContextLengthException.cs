using Ponder.Numerics;

namespace Ponder.Inference.Generation;

/// <summary>A text that is longer than the model's context; it is never cut silently.</summary>
/// <param name="length">Tokens of the text.</param>
/// <param name="context">Tokens of the context.</param>
/// <param name="what">What is too long, as the beginning of a sentence.</param>
public sealed class ContextLengthException(int length, int context, string what = "The prompt")
    : PonderException($"{what} has {length} tokens, but the model's context holds {context}; shorten it.")
{
    /// <summary>Tokens of the text.</summary>
    public int Length { get; } = length;

    /// <summary>Tokens of the context.</summary>
    public int Context { get; } = context;
}
