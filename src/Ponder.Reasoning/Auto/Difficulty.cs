namespace Ponder.Reasoning.Auto;

/// <summary>How hard a problem looks from outside.</summary>
public enum Difficulty
{
    /// <summary>Nothing is known of it: the figures of all problems.</summary>
    All,

    /// <summary>The third of the problems that looks easiest.</summary>
    Easy,

    /// <summary>The third between.</summary>
    Medium,

    /// <summary>The third that looks hardest.</summary>
    Hard,
}
