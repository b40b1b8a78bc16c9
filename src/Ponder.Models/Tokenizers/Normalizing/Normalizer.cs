namespace Ponder.Models.Tokenizers.Normalizing;

/// <summary>Changes a text before it is cut into pieces. Thread-safe.</summary>
internal abstract class Normalizer
{
    /// <summary>The changed text; <paramref name="text"/> itself when nothing changes.</summary>
    public abstract ReadOnlySpan<char> Normalize(ReadOnlySpan<char> text);
}
