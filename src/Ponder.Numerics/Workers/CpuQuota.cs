using System.Globalization;

namespace Ponder.Numerics.Workers;

/// <summary>
/// The processor time that a Linux control group grants its processes, in cores: <c>cpu.max</c> of version 2, <c>cpu.cfs_quota_us</c> over
/// <c>cpu.cfs_period_us</c> of version 1. A group cannot use more than any of those around it.
/// </summary>
internal static class CpuQuota
{
    /// <summary>The least quota of the process's group and those around it; null for none.</summary>
    /// <param name="root">The folder that holds <c>proc</c> and <c>sys</c>.</param>
    public static double? Read(string root)
    {
        double? least = null;
        foreach (string line in SystemFile.Lines(Path.Join(root, "proc/self/cgroup")))      // 0::/path, or 4:cpu,cpuacct:/path in version 1
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            string controllers = parts[1];
            bool isVersion2 = controllers.Length == 0;
            if (!isVersion2 && !controllers.Split(',').Contains("cpu"))
                continue;
            // Beside version 1, version 2 is mounted at "unified".
            string[] mounts = isVersion2 ? ["", "unified"] : [controllers, "cpu"];
            foreach (string mount in mounts)
            {
                foreach (string group in Groups(Path.Join(root, "sys/fs/cgroup", mount), parts[2]))
                    least = Least(least, isVersion2 ? Version2(group) : Version1(group));
            }
        }
        return least;
    }

    /// <summary>The mount's folder, and those of the group and all around it; a container may see its group's host path, which it has not.</summary>
    private static IEnumerable<string> Groups(string mount, string path)
    {
        yield return mount;
        string group = mount;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
                yield break;                                    // above what this container sees
            group = Path.Join(group, part);
            yield return group;
        }
    }

    private static double? Version2(string group)
    {
        string[]? parts = SystemFile.Read(Path.Join(group, "cpu.max"))?.Split(' ');        // "max 100000" or "150000 100000"
        return parts is { Length: 2 } ? Ratio(parts[0], parts[1]) : null;
    }

    private static double? Version1(string group) =>
        Ratio(SystemFile.Read(Path.Join(group, "cpu.cfs_quota_us")), SystemFile.Read(Path.Join(group, "cpu.cfs_period_us")));

    // "max" and -1 mean no quota.
    private static double? Ratio(string? quota, string? period) =>
        long.TryParse(quota, NumberStyles.None, CultureInfo.InvariantCulture, out long granted) && granted > 0
        && long.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out long of) && of > 0
            ? (double)granted / of
            : null;

    private static double? Least(double? a, double? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
