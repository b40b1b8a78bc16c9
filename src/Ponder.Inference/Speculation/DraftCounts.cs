namespace Ponder.Inference.Speculation;

/// <summary>Counts drafts of one kind; written by the engine's loop and readable at any time.</summary>
internal sealed class DraftCounts
{
    private long _steps, _proposed, _accepted;

    /// <summary>The counts so far.</summary>
    public SpeculationStatistics Statistics => new(Volatile.Read(ref _steps), Volatile.Read(ref _proposed), Volatile.Read(ref _accepted));

    /// <summary>A branch looked at drafts.</summary>
    public void Add(int proposed, int accepted)
    {
        Volatile.Write(ref _steps, _steps + 1);
        Volatile.Write(ref _proposed, _proposed + proposed);
        Volatile.Write(ref _accepted, _accepted + accepted);
    }
}
