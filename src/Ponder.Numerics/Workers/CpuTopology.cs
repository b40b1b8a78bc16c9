using System.Globalization;

namespace Ponder.Numerics.Workers;

/// <summary>How many threads compute well here.</summary>
public static class CpuTopology
{
    /// <summary>
    /// Physical cores this process may use: hyper-threads count once, and the process's affinity and the container's CPU quota are respected.
    /// </summary>
    public static int UsableCores { get; } = OperatingSystem.IsLinux() ? Count("/", Environment.ProcessorCount) : Environment.ProcessorCount;

    /// <summary>The cores a Linux process may use; without a readable <c>/proc</c> and <c>/sys</c>, <paramref name="processors"/>.</summary>
    /// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>.</param>
    /// <param name="processors">The most to answer: what the runtime counts, which knows affinity but takes hyper-threads for cores.</param>
    internal static int Count(string root, int processors)
    {
        int cores = Math.Min(processors, AllowedCores(root) ?? processors);
        // Part of a core is no core (the runtime rounds up): at the end of a step all threads wait for the one that the quota stopped.
        if (CpuQuota.Read(root) is double quota && quota < cores)
            cores = (int)quota;
        return Math.Max(1, cores);
    }

    // Linux names the hyper-threads of a core in each CPU's thread_siblings_list; distinct lists are distinct cores.
    private static int? AllowedCores(string root)
    {
        var allowed = AllowedCpus(root);
        var cores = new HashSet<string>(StringComparer.Ordinal);
        foreach (string cpu in SystemFile.Folders(Path.Join(root, "sys/devices/system/cpu"), "cpu*"))
        {
            if (int.TryParse(Path.GetFileName(cpu.AsSpan())[3..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && allowed?.Contains(number) != false
                && SystemFile.Read(Path.Join(cpu, "topology/thread_siblings_list")) is string siblings)
                cores.Add(siblings);
        }
        return cores.Count > 0 ? cores.Count : null;
    }

    /// <summary>The process's affinity as the kernel writes it: <c>Cpus_allowed_list: 0-3,8</c>.</summary>
    private static HashSet<int>? AllowedCpus(string root)
    {
        const string name = "Cpus_allowed_list:";
        string? line = SystemFile.Lines(Path.Join(root, "proc/self/status")).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        if (line is null)
            return null;
        var cpus = new HashSet<int>();
        foreach (string range in line[name.Length..].Split(',', StringSplitOptions.TrimEntries))
        {
            string[] ends = range.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last))
                return null;
            for (int cpu = first; cpu <= last; cpu++)
                cpus.Add(cpu);
        }
        return cpus;
    }
}
