using System.Buffers.Binary;
using Iced.Intel;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Holds the emulator to this machine: the same code runs in both, and all that it leaves behind must be the same to the bit.</summary>
public unsafe class InstructionTests
{
    private const int Rounds = 6;

    private static readonly uint[] Specials =
    [
        0, 0x8000_0000, 1, 0x8000_0001, 0x007f_ffff, 0x807f_ffff, 0x0080_0000, 0x8080_0000, 0x7f7f_ffff, 0xff7f_ffff, 0x7f80_0000, 0xff80_0000,
        0x7fc0_0000, 0xffc0_0000, 0x7fc1_2345, 0x7f80_0001, 0xffa5_4321, 0x3f80_0000, 0xbf80_0000, 0x3f80_8000, 0x3f81_8000, 0x3f80_8001, 0x4f00_0000,
        0xcf00_0000, 0x4eff_ffff, 0x3f00_0000, 0x3fc0_0000, 0x0000_8000, 0x7fff_8000, 0x8000_7fff, 0xffff_ffff, 0x8080_8080, 0x7f7f_7f7f, 0x3c00_7c01,
        0xfc00_03ff, 0x0400_8001, 0x7e00_fe55, 0x387f_f000, 0x477f_efff, 0x477f_f000, 0x3300_0000, 0x3300_0001,
    ];

    // Tiles have tests of their own; what moves RSP or the instruction pointer does not stand alone.
    public static TheoryData<string> Instructions() =>
        [.. InstructionTable.Known
            .Where(known => known is not (Mnemonic.Push or Mnemonic.Pop or Mnemonic.Ret or Mnemonic.Lea))
            .Except(GeneralOps.Hints)
            .Select(known => known.ToString())
            .Where(name => name[0] != 'J' && !name.StartsWith("Tdp", StringComparison.Ordinal))
            .Where(name => !name.Contains("tile", StringComparison.OrdinalIgnoreCase))];

    [Theory]
    [MemberData(nameof(Instructions))]
    public void An_instruction_does_what_this_machine_does(string name)
    {
        var mnemonic = Enum.Parse<Mnemonic>(name);
        var random = new Random((int)mnemonic);
        var forms = new InstructionForms(random).Of(mnemonic).ToList();
        string undefined = mnemonic switch
        {
            Mnemonic.Imul => "zsp",
            Mnemonic.Shl or Mnemonic.Sal or Mnemonic.Shr or Mnemonic.Sar => "co",       // defined for some counts only
            Mnemonic.Bzhi => "p",
            _ => "",
        };
        Compare([.. forms.Select(form => (Action<Assembler>)(c => c.AddInstruction(form)))], undefined, random, i => forms[i].ToString());
    }

    [Fact]
    public void Branches_are_taken_where_this_machine_takes_them()
    {
        Action<Assembler, Label>[] branches =
        [
            (c, label) => c.ja(label), (c, label) => c.jae(label), (c, label) => c.jb(label), (c, label) => c.jbe(label), (c, label) => c.je(label),
            (c, label) => c.jne(label), (c, label) => c.jg(label), (c, label) => c.jge(label), (c, label) => c.jl(label), (c, label) => c.jle(label),
            (c, label) => c.js(label), (c, label) => c.jns(label), (c, label) => c.jo(label), (c, label) => c.jno(label), (c, label) => c.jp(label),
            (c, label) => c.jnp(label), (c, label) => c.jmp(label),
        ];
        List<Action<Assembler>> snippets = [.. branches.SelectMany(branch => Enumerable.Repeat<Action<Assembler>>(c =>
        {
            var label = c.CreateLabel();
            branch(c, label);
            c.mov(rax, 0);
            c.Label(ref label);
            c.nop();
        }, 8))];
        Compare(snippets, "", new Random(7), i => $"branch {i / 8}");
    }

    [Fact]
    public void Addresses_and_the_stack_are_what_they_are_on_this_machine()
    {
        List<Action<Assembler>> snippets =
        [
            c => c.lea(rax, __[rcx + rdx * 8 - 12345]),
            c => c.lea(eax, __[rcx + rdx * 2 + 1]),
            c => c.lea(r9, __[rdx * 4]),
            c => c.lea(rax, __[rsi - 64]),
            c => { c.push(rax); c.push(rcx); c.pop(rax); c.pop(rcx); },
            c => { c.push(__qword_ptr[rsi]); c.pop(__qword_ptr[rsi + 8]); c.mov(rax, __[rsp - 8]); },
            c => { c.mov(edx, 3); c.mov(rax, __[rsi + rdx * 8 + 5]); c.neg(rdx); c.mov(ecx, __[rsi + rdx * 4 + 90]); },
            c =>
            {
                // A table inside the code.
                var table = c.CreateLabel();
                var behind = c.CreateLabel();
                c.lea(rax, __[table]);
                c.mov(rdx, __[table]);
                c.mov(ecx, __dword_ptr[rax + 2]);
                c.sub(rax, rax);
                c.jmp(behind);
                c.Label(ref table);
                c.db(1, 2, 3, 4, 5, 6, 7, 8);
                c.Label(ref behind);
                c.nop();
            },
        ];
        Compare(snippets, "", new Random(9), i => $"snippet {i}");
    }

    private static void Compare(IReadOnlyList<Action<Assembler>> snippets, string undefinedFlags, Random random, Func<int, string> name)
    {
        if (snippets.Count == 0 || !CpuFeatures.Avx2)
            return;
        byte[] code = Sandbox.Generate(snippets, undefinedFlags);
        var kernel = new GeneratedKernel("sandbox", code);
        using var emulator = new KernelEmulator(code, KernelAssembler.Native);
        using var slots = new NativeBuffer<byte>(snippets.Count * Sandbox.SlotBytes);
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < snippets.Count; i++)
                Fill(slots.Span.Slice(i * Sandbox.SlotBytes, Sandbox.SlotBytes), random);
            byte[] before = slots.Span.ToArray();
            emulator.Run(slots.Pointer, MemoryRange.ReadWrite(slots.Pointer, slots.Length));
            byte[] emulated = slots.Span.ToArray();
            before.CopyTo(slots.Span);
            kernel.Run(slots.Pointer);
            int difference = slots.Span.CommonPrefixLength(emulated);
            if (difference == emulated.Length)
                continue;
            int slot = difference / Sandbox.SlotBytes, place = difference % Sandbox.SlotBytes / 8 * 8;
            ulong At(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[(slot * Sandbox.SlotBytes + place)..]);
            Assert.Fail($"{name(slot)}, round {round}: at byte {place} of its slot (before: {At(before):x16}) the machine has {At(slots.Span):x16}, "
                + $"the emulator {At(emulated):x16}.");
        }
    }

    // Numbers of every kind: any bits, the edges of all formats, ordinary floats, small integers.
    private static void Fill(Span<byte> slot, Random random)
    {
        for (int vector = 0; vector < slot.Length; vector += 64)
        {
            int kind = random.Next(5);
            for (int i = vector; i < vector + 64; i += 8)
            {
                ulong low = Word(), high = Word();
                BinaryPrimitives.WriteUInt64LittleEndian(slot[i..], kind == 4 ? low & 63 : low | high << 32);
            }

            uint Word() => kind switch
            {
                0 => (uint)random.NextInt64(1L << 32),
                1 => Specials[random.Next(Specials.Length)],
                2 => BitConverter.SingleToUInt32Bits((float)(random.NextDouble() * 8 - 4)),
                3 => random.Next(3) == 0 ? Specials[random.Next(Specials.Length)] : BitConverter.SingleToUInt32Bits(random.NextSingle() * 1e-38f),
                _ => (uint)random.Next(64),
            };
        }
    }
}
