namespace Ponder.Reasoning.Solving;

/// <summary>The models that ship with Ponder: a small policy that solves puzzles in steps, and its process reward model.</summary>
public static class EmbeddedModels
{
    /// <summary>The folder of the policy.</summary>
    public static string Policy { get; } = Folder("policy");

    /// <summary>The folder of the process reward model.</summary>
    public static string Reward { get; } = Folder("reward");

    private static string Folder(string name) => Path.Combine(AppContext.BaseDirectory, "models", "puzzles", name);
}
