namespace Ponder.CodeRunner.Confinement;

/// <summary>On what a system call is let through.</summary>
internal enum Rule
{
    /// <summary>Not at all: the confining process itself needs its number.</summary>
    None,

    /// <summary>Always.</summary>
    Free,

    /// <summary>It is answered as by a kernel that does not have it; what it does can be had with older calls, which can be looked into.</summary>
    Missing,

    /// <summary>For reading alone; flags in argument 1.</summary>
    ReadOnlyOpen,

    /// <summary>For reading alone; flags in argument 2.</summary>
    ReadOnlyOpenAt,

    /// <summary>For a thread, never a process; flags in argument 0.</summary>
    NewThread,

    /// <summary>Not for more than a page of shared memory without a file, which no limit on data counts; flags in argument 3.</summary>
    PrivateMemory,

    /// <summary>On this process; its id, or 0, in argument 0.</summary>
    OwnProcess,

    /// <summary>For some values of argument 1.</summary>
    KnownControl,

    /// <summary>For some values of argument 0.</summary>
    KnownOption,
}

/// <summary>A system call.</summary>
/// <param name="Name">Its name.</param>
/// <param name="X64">Its number on x64; -1 where there is none.</param>
/// <param name="Arm64">Its number on arm64; -1 where there is none.</param>
/// <param name="Rule">On what it is let through.</param>
internal sealed record SystemCall(string Name, int X64, int Arm64, Rule Rule)
{
    /// <summary>The values that the rule knows.</summary>
    public uint[] Values { get; init; } = [];

    /// <summary>Its number on this machine.</summary>
    public int Number => Kernel.IsX64 ? X64 : Arm64;
}

/// <summary>The system calls that confined code may use. Calls that are not listed fail.</summary>
internal static class SystemCalls
{
    /// <summary>O_WRONLY, O_RDWR, O_CREAT and O_TRUNC.</summary>
    public const uint WritingFlags = 0x1 | 0x2 | 0x40 | 0x200;

    /// <summary>CLONE_THREAD.</summary>
    public const uint CloneThread = 0x10000;

    /// <summary>MAP_SHARED and MAP_ANONYMOUS.</summary>
    public const uint SharedAnonymous = 0x1 | 0x20;

    /// <summary>Bytes of a page.</summary>
    public const uint Page = 4096;

    // Duplicates, close-on-exec and status flags; not the owner of a file's signals. Record locks are for files open for writing.
    private static readonly uint[] Fcntl = [0, 1, 2, 3, 4, 1030];

    // Is it a terminal, its size, bytes to read, blocking, close on exec; nothing that types into a terminal.
    private static readonly uint[] Ioctl = [0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451];

    // Names of threads and of memory, and what may be asked about oneself.
    private static readonly uint[] Prctl = [3, 15, 16, 23, 0x53564D41];

    public static IReadOnlyList<SystemCall> All { get; } =
    [
        new("read", 0, 63, Rule.Free),
        new("readv", 19, 65, Rule.Free),
        new("pread64", 17, 67, Rule.Free),
        new("preadv", 295, 69, Rule.Free),
        new("write", 1, 64, Rule.Free),
        new("writev", 20, 66, Rule.Free),
        new("close", 3, 57, Rule.Free),
        new("lseek", 8, 62, Rule.Free),
        new("stat", 4, -1, Rule.Free),
        new("fstat", 5, 80, Rule.Free),
        new("lstat", 6, -1, Rule.Free),
        new("newfstatat", 262, 79, Rule.Free),
        new("statx", 332, 291, Rule.Free),
        new("statfs", 137, 43, Rule.Free),
        new("fstatfs", 138, 44, Rule.Free),
        new("access", 21, -1, Rule.Free),
        new("faccessat", 269, 48, Rule.Free),
        new("faccessat2", 439, 439, Rule.Free),
        new("readlink", 89, -1, Rule.Free),
        new("readlinkat", 267, 78, Rule.Free),
        new("getdents64", 217, 61, Rule.Free),
        new("getcwd", 79, 17, Rule.Free),
        new("dup", 32, 23, Rule.Free),
        new("dup2", 33, -1, Rule.Free),
        new("dup3", 292, 24, Rule.Free),
        new("pipe", 22, -1, Rule.Free),
        new("pipe2", 293, 59, Rule.Free),
        new("poll", 7, -1, Rule.Free),
        new("ppoll", 271, 73, Rule.Free),
        new("select", 23, -1, Rule.Free),
        new("pselect6", 270, 72, Rule.Free),
        new("epoll_create", 213, -1, Rule.Free),
        new("epoll_create1", 291, 20, Rule.Free),
        new("epoll_ctl", 233, 21, Rule.Free),
        new("epoll_wait", 232, -1, Rule.Free),
        new("epoll_pwait", 281, 22, Rule.Free),
        new("eventfd2", 290, 19, Rule.Free),
        new("flock", 73, 32, Rule.Free),
        new("fadvise64", 221, 223, Rule.Free),
        new("mprotect", 10, 226, Rule.Free),
        new("munmap", 11, 215, Rule.Free),
        new("mremap", 25, 216, Rule.Free),
        new("madvise", 28, 233, Rule.Free),
        new("brk", 12, 214, Rule.Free),
        new("mlock", 149, 228, Rule.Free),
        new("munlock", 150, 229, Rule.Free),
        new("membarrier", 324, 283, Rule.Free),
        new("futex", 202, 98, Rule.Free),
        new("set_robust_list", 273, 99, Rule.Free),
        new("get_robust_list", 274, 100, Rule.Free),
        new("rseq", 334, 293, Rule.Free),
        new("set_tid_address", 218, 96, Rule.Free),
        new("gettid", 186, 178, Rule.Free),
        new("getpid", 39, 172, Rule.Free),
        new("getppid", 110, 173, Rule.Free),
        new("getuid", 102, 174, Rule.Free),
        new("geteuid", 107, 175, Rule.Free),
        new("getgid", 104, 176, Rule.Free),
        new("getegid", 108, 177, Rule.Free),
        new("getresuid", 118, 148, Rule.Free),
        new("getresgid", 120, 150, Rule.Free),
        new("getgroups", 115, 158, Rule.Free),
        new("getpgrp", 111, -1, Rule.Free),
        new("getpgid", 121, 155, Rule.Free),
        new("getsid", 124, 156, Rule.Free),
        new("getpriority", 140, 141, Rule.Free),
        new("sched_yield", 24, 124, Rule.Free),
        new("sched_getaffinity", 204, 123, Rule.Free),
        new("sched_getparam", 143, 121, Rule.Free),
        new("sched_getscheduler", 145, 120, Rule.Free),
        new("sched_get_priority_max", 146, 125, Rule.Free),
        new("sched_get_priority_min", 147, 126, Rule.Free),
        new("getcpu", 309, 168, Rule.Free),
        new("arch_prctl", 158, -1, Rule.Free),
        new("clock_gettime", 228, 113, Rule.Free),
        new("clock_getres", 229, 114, Rule.Free),
        new("clock_nanosleep", 230, 115, Rule.Free),
        new("nanosleep", 35, 101, Rule.Free),
        new("gettimeofday", 96, 169, Rule.Free),
        new("time", 201, -1, Rule.Free),
        new("times", 100, 153, Rule.Free),
        new("getrusage", 98, 165, Rule.Free),
        new("getrlimit", 97, 163, Rule.Free),
        new("sysinfo", 99, 179, Rule.Free),
        new("uname", 63, 160, Rule.Free),
        new("capget", 125, 90, Rule.Free),
        new("rt_sigaction", 13, 134, Rule.Free),
        new("rt_sigprocmask", 14, 135, Rule.Free),
        new("rt_sigreturn", 15, 139, Rule.Free),
        new("rt_sigsuspend", 130, 133, Rule.Free),
        new("rt_sigpending", 127, 136, Rule.Free),
        new("rt_sigtimedwait", 128, 137, Rule.Free),
        new("sigaltstack", 131, 132, Rule.Free),
        new("restart_syscall", 219, 128, Rule.Free),
        new("execve", 59, 221, Rule.Free),
        new("exit", 60, 93, Rule.Free),
        new("exit_group", 231, 94, Rule.Free),
        new("getrandom", 318, 278, Rule.Free),

        new("open", 2, -1, Rule.ReadOnlyOpen),
        new("openat", 257, 56, Rule.ReadOnlyOpenAt),
        new("mmap", 9, 222, Rule.PrivateMemory),
        new("clone", 56, 220, Rule.NewThread),
        new("tgkill", 234, 131, Rule.OwnProcess),
        new("sched_setaffinity", 203, 122, Rule.OwnProcess),
        new("prlimit64", 302, 261, Rule.OwnProcess),
        new("fcntl", 72, 25, Rule.KnownControl) { Values = Fcntl },
        new("ioctl", 16, 29, Rule.KnownControl) { Values = Ioctl },
        new("prctl", 157, 167, Rule.KnownOption) { Values = Prctl },
        new("clone3", 435, 435, Rule.Missing),
        new("openat2", 437, 437, Rule.Missing),

        new("setsid", 112, 157, Rule.None),
        new("chdir", 80, 49, Rule.None),
        new("close_range", 436, 436, Rule.None),
        new("setitimer", 38, 103, Rule.None),
        new("seccomp", 317, 277, Rule.None),
        new("landlock_create_ruleset", 444, 444, Rule.None),
        new("landlock_add_rule", 445, 445, Rule.None),
        new("landlock_restrict_self", 446, 446, Rule.None),
    ];

    private static readonly Dictionary<string, int> Numbers = All.ToDictionary(call => call.Name, call => call.Number);

    /// <summary>The number of a call on this machine.</summary>
    public static int Of(string name) => Numbers[name];
}
