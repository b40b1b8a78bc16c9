namespace Ponder.Numerics.Workers;

/// <summary>Small files in which the kernel tells of itself; those it does not show are as if they were not there.</summary>
internal static class SystemFile
{
    public static string? Read(string path) => Try(() => File.ReadAllText(path).Trim(), null);

    public static string[] Lines(string path) => Try(() => File.ReadAllLines(path), []);

    public static string[] Folders(string path, string pattern) => Try(() => Directory.GetDirectories(path, pattern), []);

    private static T Try<T>(Func<T> read, T otherwise)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}
