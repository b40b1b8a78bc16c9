using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Tests.Workers;

/// <summary>Machines as Linux describes them, written to a folder.</summary>
public sealed class CpuTopologyTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ponder-cpu-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Without_a_description_the_runtimes_count_stands() => CpuTopology.Count(_root, 6).ShouldBe(6);

    [Fact]
    public void Hyper_threads_of_a_core_count_once()
    {
        WriteCpus("0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7");
        Directory.CreateDirectory(Path.Combine(_root, "sys/devices/system/cpu/cpufreq"));
        CpuTopology.Count(_root, 8).ShouldBe(4);
    }

    [Theory]
    [InlineData("0-1", 2, 1)]       // both threads of one core
    [InlineData("0,2", 2, 2)]
    [InlineData("1-3,6", 4, 3)]
    [InlineData("0-7", 8, 4)]
    [InlineData("?", 8, 4)]
    public void Only_the_cores_of_the_processs_affinity_count(string allowed, int processors, int cores)
    {
        WriteCpus("0-1", "0-1", "2-3", "2-3", "4-5", "4-5", "6-7", "6-7");
        Write("proc/self/status", $"Name:\tponder\nCpus_allowed:\tff\nCpus_allowed_list:\t{allowed}\n");
        CpuTopology.Count(_root, processors).ShouldBe(cores);
    }

    [Theory]
    [InlineData("max 100000", 8)]
    [InlineData("400000 100000", 4)]
    [InlineData("350000 100000", 3)]
    [InlineData("50000 100000", 1)]
    [InlineData("1600000 100000", 8)]
    [InlineData("0 0", 8)]
    [InlineData("", 8)]
    public void A_quota_of_version_2_is_rounded_down(string max, int cores)
    {
        Write("proc/self/cgroup", "0::/\n");
        Write("sys/fs/cgroup/cpu.max", max + "\n");
        CpuTopology.Count(_root, 8).ShouldBe(cores);
    }

    [Theory]
    [InlineData("-1", 8)]
    [InlineData("250000", 2)]
    [InlineData("20000", 1)]
    public void A_quota_of_version_1_is_rounded_down(string quota, int cores)
    {
        Write("proc/self/cgroup", "5:memory:/\n4:cpu,cpuacct:/work\n0::/\n");
        Write("sys/fs/cgroup/cpu,cpuacct/work/cpu.cfs_quota_us", quota + "\n");
        Write("sys/fs/cgroup/cpu,cpuacct/work/cpu.cfs_period_us", "100000\n");
        CpuTopology.Count(_root, 8).ShouldBe(cores);
    }

    [Fact]
    public void The_tightest_of_the_groups_around_a_process_binds()
    {
        Write("proc/self/cgroup", "0::/a/b/c\n");
        Write("sys/fs/cgroup/a/cpu.max", "300000 100000\n");
        Write("sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
        Write("sys/fs/cgroup/a/b/c/cpu.max", "600000 100000\n");
        CpuTopology.Count(_root, 8).ShouldBe(3);
    }

    [Theory]
    [InlineData("0::/docker/0123\n")]       // the host's path, while the container's own group is mounted
    [InlineData("0::/../other\n")]
    public void A_container_that_sees_only_its_own_group_keeps_its_quota(string group)
    {
        Write("proc/self/cgroup", group);
        Write("sys/fs/cgroup/cpu.max", "200000 100000\n");
        CpuTopology.Count(_root, 8).ShouldBe(2);
    }

    private void WriteCpus(params string[] siblings)
    {
        for (int cpu = 0; cpu < siblings.Length; cpu++)
            Write($"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list", siblings[cpu] + "\n");
    }

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
