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
}
