namespace Ponder.Reasoning.Policies;

/// <summary>What a policy can do beyond giving whole answers.</summary>
[Flags]
public enum PolicyFeatures
{
    /// <summary>Whole answers only.</summary>
    None = 0,

    /// <summary>Forks thoughts, extends them step by step, takes given text, and stops one of many at once.</summary>
    Branches = 1,

    /// <summary>Tells the log-probability, entropy and confidence of every token.</summary>
    LogProbabilities = 2,

    /// <summary>Tells how likely given texts are to come next.</summary>
    Choices = 4,

    /// <summary>Shows hidden states.</summary>
    HiddenStates = 8,

    /// <summary>All of it: an engine in this process.</summary>
    All = Branches | LogProbabilities | Choices | HiddenStates,
}
