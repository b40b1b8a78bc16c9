using System.Globalization;

namespace Ponder.Cli.Tuning;

/// <summary>How busy the machine is.</summary>
internal static class MachineLoad
{
    private const string LinuxFile = "/proc/loadavg";

    /// <summary>Threads that want to run, on the average of the last minute; null where the system does not tell.</summary>
    public static double? Current
    {
        get
        {
            try
            {
                return File.Exists(LinuxFile) && double.TryParse(File.ReadAllText(LinuxFile).Split(' ')[0], CultureInfo.InvariantCulture, out double load) ? load : null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}
