namespace Ponder.Reasoning.Sessions;

/// <summary>Why a thought goes on no more.</summary>
public enum ThoughtEnd
{
    /// <summary>The policy came to its end.</summary>
    Finished,

    /// <summary>It is as long as a thought may be.</summary>
    Length,

    /// <summary>The budget of tokens was spent.</summary>
    Budget,

    /// <summary>The time was over.</summary>
    Time,

    /// <summary>The strategy gave it up.</summary>
    Rejected,
}
