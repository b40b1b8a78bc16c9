using System.Globalization;

namespace Ponder.Cli.Solving;

/// <summary>Checks the values of flags.</summary>
internal static class Flag
{
    /// <summary>Gives a whole number back if it is in range.</summary>
    public static int Whole(string flag, int value, int least, int most) => (int)Whole(flag, (long)value, least, most);

    /// <summary>Gives a whole number back if it is in range.</summary>
    public static long Whole(string flag, long value, long least, long most = long.MaxValue)
    {
        if (value >= least && value <= most)
            return value;
        string range = most == long.MaxValue ? $"at least {least}" : $"from {least} to {most}";
        throw new UsageException($"{flag} is {value}, but must be {range}.");
    }

    /// <summary>Gives a number back if it is above 0, and not above the most.</summary>
    public static double Positive(string flag, double value, double most) => value > 0 && value <= most
        ? value
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"{flag} is {value}, but must be above 0 and at most {most}."));

    /// <summary>Throws unless a file can be written: before anything is computed for it.</summary>
    /// <param name="option">The option that names it.</param>
    /// <param name="path">The file.</param>
    /// <param name="force">Overwrite what is there.</param>
    /// <exception cref="UsageException">There is such a file already, or no such folder.</exception>
    public static void DemandNewFile(string option, string path, bool force)
    {
        if (Directory.Exists(path))
            throw new UsageException($"{option} {path} is a folder; name a file.");
        if (File.Exists(path) && !force)
            throw new UsageException($"{option} {path} exists already; --force overwrites it.");
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (!Directory.Exists(folder))
            throw new UsageException($"{option} {path} lies in a folder that does not exist; make it first.");
    }
}
