namespace Ponder.CodeRunner.Confinement;

/// <summary>Closes the file system but for what may be read (Linux 5.13 and later, <c>landlock(7)</c>).</summary>
internal static unsafe class Landlock
{
    private const ulong Execute = 1, ReadFile = 1 << 2, ReadFolder = 1 << 3;
    private const int OpenPath = 0x200000, OpenCloseOnExec = 0x80000, CurrentFolder = -100, RulePathBeneath = 1, QueryVersion = 1;

    /// <summary>Restricts this thread and what it becomes; false where the kernel has no Landlock.</summary>
    public static bool Restrict(IEnumerable<string> readable)
    {
        long version = Kernel.Call(SystemCalls.Of("landlock_create_ruleset"), 0, 0, QueryVersion);
        if (version <= 0)
            return false;
        // Every kind of access that this version knows is handled, which means forbidden unless a rule allows it.
        int fileRights = version switch { 1 => 13, 2 => 14, 3 or 4 => 15, _ => 16 };
        ulong* rights = stackalloc ulong[] { (1UL << fileRights) - 1, 0b11, 0b11 };     // files; TCP bind and connect; abstract sockets and signals
        int size = version switch { <= 3 => 8, <= 5 => 16, _ => 24 };
        int rules = (int)Kernel.Demand("making a Landlock ruleset", SystemCalls.Of("landlock_create_ruleset"), (nint)rights, size);
        foreach (string path in readable.Where(Path.Exists))
            Allow(rules, path);
        Kernel.Demand("restricting files", SystemCalls.Of("landlock_restrict_self"), rules);
        Kernel.Call(SystemCalls.Of("close"), rules);
        return true;
    }

    private static void Allow(int rules, string path)
    {
        using var name = new NativeText(path);
        long file = Kernel.Call(SystemCalls.Of("openat"), CurrentFolder, name.Pointer, OpenPath | OpenCloseOnExec);
        if (file < 0)
            return;
        // The structure is packed: eight bytes of rights, four of the file.
        byte* rule = stackalloc byte[12];
        *(ulong*)rule = Execute | ReadFile | (Directory.Exists(path) ? ReadFolder : 0);
        *(int*)(rule + 8) = (int)file;
        Kernel.Demand($"allowing {path} to be read", SystemCalls.Of("landlock_add_rule"), rules, RulePathBeneath, (nint)rule);
        Kernel.Call(SystemCalls.Of("close"), (nint)file);
    }
}
