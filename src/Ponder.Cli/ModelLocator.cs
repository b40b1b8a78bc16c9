using Ponder.Models.Files;
using Ponder.Models.Hub;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli;

/// <summary>Finds the model that a user names: a file, a folder, a cached name, or one that ships with the program.</summary>
internal static class ModelLocator
{
    /// <summary>What the help of every MODEL argument says.</summary>
    public const string Help = "A GGUF or safetensors file, a folder with one, a name from 'ponder models', 'puzzles' or 'puzzles/reward' (shipped).";

    /// <summary>The policy that ships with the program.</summary>
    public static string Policy => Shipped(EmbeddedModels.Policy);

    /// <summary>The process reward model that ships with the program.</summary>
    public static string Reward => Shipped(EmbeddedModels.Reward);

    /// <summary>The path of a model.</summary>
    /// <param name="name">What the user wrote. The shipped names win; <c>./puzzles</c> is a folder of that name.</param>
    /// <exception cref="ModelFileException">There is no such file.</exception>
    /// <exception cref="UsageException">There is no such file, and no such model in the cache.</exception>
    public static string Find(string name)
    {
        if (name is "puzzles" or "puzzles/policy")
            return Policy;
        if (name is "puzzles/reward")
            return Reward;
        if (File.Exists(name) || Directory.Exists(name))
            return name;
        if (LooksLikePath(name) || !HubReference.TryParse(name, out _))
            throw new ModelFileException(name, "there is no such file or folder");
        try
        {
            return new ModelCache(HubOptions.FromEnvironment().CacheFolder).Resolve(name);
        }
        catch (HubException e)
        {
            throw new UsageException($"'{name}' is no file or folder here, and no cached model either: {e.Message}", e);
        }
    }

    /// <summary>Whether a word that may be a model or a question names a model: one that is there, or one that only a model would be called.</summary>
    public static bool IsModel(string name)
    {
        if (name is "puzzles" or "puzzles/policy" or "puzzles/reward" || File.Exists(name) || Directory.Exists(name))
            return true;
        if (name.Length == 0 || name.Any(char.IsWhiteSpace))
            return false;
        return LooksLikePath(name) || (HubReference.TryParse(name, out _) && (name.Contains('/', StringComparison.Ordinal) || IsCached(name)));
    }

    private static bool IsCached(string name)
    {
        try
        {
            return new ModelCache(HubOptions.FromEnvironment().CacheFolder).Resolve(name).Length > 0;
        }
        catch (HubException)
        {
            return false;
        }
    }

    private static bool LooksLikePath(string name) =>
        Path.IsPathRooted(name)
        || name.StartsWith('.') || name.StartsWith('~') || name.EndsWith('/') || name.Contains('\\', StringComparison.Ordinal)
        || (!name.Contains(':', StringComparison.Ordinal)
            && Path.GetExtension(name).ToUpperInvariant() is ".GGUF" or ".SAFETENSORS" or ".JSON" or ".JINJA");

    private static string Shipped(string folder) =>
        Directory.Exists(folder) ? folder : throw new ModelFileException(folder, "the model that ships with Ponder is not beside the program");
}
