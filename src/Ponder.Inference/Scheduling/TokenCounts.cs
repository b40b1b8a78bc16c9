namespace Ponder.Inference.Scheduling;

/// <summary>Counts of tokens, written by the engine's loop and readable at any time.</summary>
internal sealed class TokenCounts
{
    private long _prompt, _generated, _reused, _recomputed;

    /// <summary>Given tokens that were computed.</summary>
    public long Prompt => Volatile.Read(ref _prompt);

    /// <summary>Tokens that were drawn.</summary>
    public long Generated => Volatile.Read(ref _generated);

    /// <summary>Tokens whose keys and values were found in the prefix tree.</summary>
    public long Reused => Volatile.Read(ref _reused);

    /// <summary>Tokens computed again, after their memory was given to others.</summary>
    public long Recomputed => Volatile.Read(ref _recomputed);

    public void AddPrompt(long tokens) => Volatile.Write(ref _prompt, _prompt + tokens);

    public void AddGenerated(long tokens) => Volatile.Write(ref _generated, _generated + tokens);

    public void AddReused(long tokens) => Volatile.Write(ref _reused, _reused + tokens);

    public void AddRecomputed(long tokens) => Volatile.Write(ref _recomputed, _recomputed + tokens);
}
