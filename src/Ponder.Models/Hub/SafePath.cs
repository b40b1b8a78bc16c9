namespace Ponder.Models.Hub;

/// <summary>
/// Names that come from a server and become paths. A name is safe when joining it to a folder can only give a
/// path inside that folder, on every operating system.
/// </summary>
internal static class SafePath
{
    private const int Longest = 1024;

    /// <summary>Whether a relative name with forward slashes stays inside the folder it is joined to.</summary>
    public static bool IsSafe(string name)
    {
        if (name.Length is 0 or > Longest || name.Contains('\\', StringComparison.Ordinal) || name.Any(char.IsControl))
            return false;
        // "C:x" is a path of its own on Windows, and "x:y" a stream of the file x.
        int colon = name.IndexOf(':', StringComparison.Ordinal);
        if (colon == 1 || colon >= 0 && OperatingSystem.IsWindows())
            return false;
        return name.Split('/').All(part => part is not ("" or "." or ".."));
    }

    /// <summary>Joins a safe name to a folder.</summary>
    /// <exception cref="HubException">The name would leave the folder.</exception>
    public static string Join(string folder, string name) =>
        IsSafe(name)
            ? Path.Combine([folder, .. name.Split('/')])
            : throw new HubException($"The file name '{SafeText.Of(name)}' is refused: it could lead outside the cache.");

    /// <summary>Whether a text is lower-case hexadecimal of a given length.</summary>
    public static bool IsHex(string? text, int digits) =>
        text is not null && text.Length == digits && text.All(char.IsAsciiHexDigitLower);
}
