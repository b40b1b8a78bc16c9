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

/// <summary>Features in words.</summary>
public static class PolicyFeatureNames
{
    private static readonly (PolicyFeatures Feature, string Name)[] Names =
    [
        (PolicyFeatures.Branches, "branches"),
        (PolicyFeatures.LogProbabilities, "log-probabilities"),
        (PolicyFeatures.Choices, "probabilities of given texts"),
        (PolicyFeatures.HiddenStates, "hidden states"),
    ];

    /// <summary>The features as part of a sentence: <c>branches and log-probabilities</c>; empty for none.</summary>
    public static string Describe(this PolicyFeatures features) =>
        string.Join(" and ", Names.Where(name => features.HasFlag(name.Feature)).Select(name => name.Name));
}
