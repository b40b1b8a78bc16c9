namespace Ponder.Numerics.Workers;

/// <summary>How many threads compute well here.</summary>
public static class CpuTopology
{
    /// <summary>
    /// Physical cores this process may use: hyper-threads count once, and the container's CPU quota and the process's affinity are
    /// respected (the runtime's processor count knows both).
    /// </summary>
    public static int UsableCores { get; } = Math.Max(1, Math.Min(Environment.ProcessorCount, PhysicalCores() ?? Environment.ProcessorCount));

    // Linux names the hyper-threads of a core in each CPU's thread_siblings_list; distinct lists are distinct cores.
    private static int? PhysicalCores()
    {
        const string root = "/sys/devices/system/cpu";
        if (!OperatingSystem.IsLinux() || !Directory.Exists(root))
            return null;
        try
        {
            var cores = new HashSet<string>(StringComparer.Ordinal);
            foreach (string cpu in Directory.EnumerateDirectories(root, "cpu*"))
            {
                string siblings = Path.Combine(cpu, "topology", "thread_siblings_list");
                if (File.Exists(siblings))
                    cores.Add(File.ReadAllText(siblings).Trim());
            }
            return cores.Count > 0 ? cores.Count : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
