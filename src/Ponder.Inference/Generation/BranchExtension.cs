using Ponder.Inference.Branches;

namespace Ponder.Inference.Generation;

/// <summary>A branch to extend.</summary>
/// <param name="Branch">A branch of the engine; each may stand once in a batch.</param>
/// <param name="Options">How, and until when.</param>
public sealed record BranchExtension(Branch Branch, GenerationOptions Options)
{
    /// <summary>
    /// Told every token as it is drawn; true ends the extension with it, and its text is kept. Text that a rule may yet cut off comes with a later token,
    /// or with the whole <see cref="Completion"/> alone. It runs within the engine's step, so it must return quickly and not wait for the engine. An
    /// exception from it ends this extension alone.
    /// </summary>
    public Func<GeneratedToken, bool>? OnToken { get; init; }
}
