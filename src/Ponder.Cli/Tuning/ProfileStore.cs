using Ponder.Numerics;

namespace Ponder.Cli.Tuning;

/// <summary>A profile and the file it lies in.</summary>
internal sealed record StoredProfile(string Path, Profile Profile);

/// <summary>Where profiles lie.</summary>
internal static class ProfileStore
{
    /// <summary>Environment variable: the folder of the profiles, or one profile.</summary>
    public const string Variable = "PONDER_PROFILES";

    /// <summary>The file of a key, whether it is there or not; null where the user has no folder for settings.</summary>
    public static string? PathOf(ProfileKey key)
    {
        string folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named
            : Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData) is { Length: > 0 } settings ? Path.Combine(settings, "ponder", "profiles")
            : "";
        return folder.Length == 0 ? null : File.Exists(folder) ? folder : Path.Combine(folder, key.FileName());
    }

    /// <summary>The profile of a key; null where there is none.</summary>
    /// <exception cref="PonderException">There is one, but it cannot be used.</exception>
    public static StoredProfile? Find(ProfileKey key) =>
        PathOf(key) is { } path && File.Exists(path) ? new StoredProfile(path, Profile.Read(path, key)) : null;

    /// <summary>Writes a profile; it is there whole or not at all.</summary>
    /// <exception cref="UsageException">It cannot be written.</exception>
    public static void Save(Profile profile, string path)
    {
        string draft = path + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            File.WriteAllText(draft, profile.Json() + "\n");
            File.Move(draft, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path}: it cannot be written: {CommandLine.Sentence(e).TrimEnd('.')}.", e);
        }
    }
}
