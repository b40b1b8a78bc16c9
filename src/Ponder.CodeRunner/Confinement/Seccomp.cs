using System.Runtime.InteropServices;

namespace Ponder.CodeRunner.Confinement;

/// <summary>
/// The filter on system calls (<c>seccomp(2)</c>), as a program of classic BPF: what <see cref="SystemCalls"/> lists goes through, the rest fails.
/// So the code can compute and read, and cannot write a file, start a process, signal another, or reach a network.
/// </summary>
internal static unsafe class Seccomp
{
    private const ushort LoadWord = 0x20, And = 0x54, JumpIfEqual = 0x15, JumpIfGreater = 0x25, Return = 0x06;
    private const uint Allow = 0x7FFF0000, Error = 0x00050000, Kill = 0x80000000;
    private const uint NotPermitted = 1, NoSuchCall = 38;
    private const uint ArchitectureX64 = 0xC000003E, ArchitectureArm64 = 0xC00000B7;
    private const int NumberAt = 0, ArchitectureAt = 4, ArgumentsAt = 16;
    private const int ModeFilter = 1;

    // Calls that came after these numbers were given out are answered as an older kernel would, so that libraries take their older way.
    private const uint LastKnown = 461;

    /// <summary>The program for a process.</summary>
    /// <param name="process">Its id: it may signal its own threads.</param>
    public static Instruction[] Build(int process)
    {
        var code = new List<Instruction>
        {
            new(LoadWord, 0, 0, ArchitectureAt),
            new(JumpIfEqual, 1, 0, Kernel.IsX64 ? ArchitectureX64 : ArchitectureArm64),
            new(Return, 0, 0, Kill),
            new(LoadWord, 0, 0, NumberAt),
            // Also the numbers of the x32 interface, which begin at 2^30.
            new(JumpIfGreater, 0, 1, LastKnown),
            new(Return, 0, 0, Error | NoSuchCall),
        };
        foreach (var call in SystemCalls.All.Where(call => call.Number >= 0 && call.Rule != Rule.None))
        {
            var body = Body(call, (uint)process);
            code.Add(new Instruction(JumpIfEqual, 0, (byte)body.Count, (uint)call.Number));
            code.AddRange(body);
        }
        code.Add(new Instruction(Return, 0, 0, Error | NotPermitted));
        return [.. code];
    }

    /// <summary>Puts the filter in force for this thread and what it becomes.</summary>
    public static void Install(Instruction[] code)
    {
        fixed (Instruction* first = code)
        {
            var program = new FilterProgram { Length = (ushort)code.Length, First = first };
            Kernel.Demand("filtering system calls", SystemCalls.Of("seccomp"), ModeFilter, 0, (nint)(&program));
        }
    }

    private static List<Instruction> Body(SystemCall call, uint process)
    {
        var (argument, mask, values) = call.Rule switch
        {
            Rule.Missing => (-1, 0u, (uint[])[]),
            Rule.ReadOnlyOpen => (1, SystemCalls.WritingFlags, [0u]),
            Rule.ReadOnlyOpenAt => (2, SystemCalls.WritingFlags, [0u]),
            Rule.NewThread => (0, SystemCalls.CloneThread, [SystemCalls.CloneThread]),
            Rule.OwnProcess => (0, uint.MaxValue, [0u, process]),
            Rule.KnownControl => (1, uint.MaxValue, call.Values),
            Rule.KnownOption => (0, uint.MaxValue, call.Values),
            _ => (-1, 0u, []),
        };
        if (call.Rule == Rule.Missing)
            return [new(Return, 0, 0, Error | NoSuchCall)];
        if (call.Rule == Rule.PrivateMemory)
            return PrivateMemory();
        if (argument < 0)
            return [new(Return, 0, 0, Allow)];
        var body = new List<Instruction> { new(LoadWord, 0, 0, (uint)(ArgumentsAt + 8 * argument)), new(And, 0, 0, mask) };
        for (int i = 0; i < values.Length; i++)
            body.Add(new Instruction(JumpIfEqual, (byte)(values.Length - i), 0, values[i]));
        body.Add(new Instruction(Return, 0, 0, Error | NotPermitted));
        body.Add(new Instruction(Return, 0, 0, Allow));
        return body;
    }

    // The runtime of .NET shares a page with the processes that it might start; no more is needed.
    private static List<Instruction> PrivateMemory() =>
    [
        new(LoadWord, 0, 0, ArgumentsAt + 8 * 3),
        new(And, 0, 0, SystemCalls.SharedAnonymous),
        new(JumpIfEqual, 0, 5, SystemCalls.SharedAnonymous),
        new(LoadWord, 0, 0, ArgumentsAt + 8 + 4),
        new(JumpIfEqual, 0, 2, 0),                                  // the upper half of the length
        new(LoadWord, 0, 0, ArgumentsAt + 8),
        new(JumpIfGreater, 0, 1, SystemCalls.Page),
        new(Return, 0, 0, Error | NotPermitted),
        new(Return, 0, 0, Allow),
    ];

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public Instruction* First;
    }
}

/// <summary>One instruction of classic BPF.</summary>
/// <param name="Code">The operation.</param>
/// <param name="IfTrue">Instructions to pass over when the comparison holds.</param>
/// <param name="IfFalse">Instructions to pass over when it does not.</param>
/// <param name="Operand">The constant.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);
