using Iced.Intel;
using Ponder.Numerics.CodeGen;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>
/// Every form of an instruction that this machine has: each encoding and vector length, with registers or memory, broadcasts, masks that merge and masks
/// that clear. Operands come at random from the registers that a <see cref="Sandbox"/> fills.
/// </summary>
internal sealed class InstructionForms(Random random)
{
    private const int Choices = 2;

    private static readonly HashSet<CpuidFeature> Available =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL186, CpuidFeature.INTEL386, CpuidFeature.X64, CpuidFeature.CMOV,
        .. If(CpuFeatures.Avx2, CpuidFeature.BMI1, CpuidFeature.BMI2, CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.FMA, CpuidFeature.F16C),
        .. If(CpuFeatures.AvxVnni, CpuidFeature.AVX_VNNI),
        .. If(CpuFeatures.Avx512Vnni, CpuidFeature.AVX512F, CpuidFeature.AVX512VL, CpuidFeature.AVX512BW, CpuidFeature.AVX512DQ),
        .. If(CpuFeatures.Avx512Vnni, CpuidFeature.AVX512_VNNI),
        .. If(CpuFeatures.Avx512Bf16, CpuidFeature.AVX512_BF16),
        .. If(System.Runtime.Intrinsics.X86.Avx512Vbmi.IsSupported, CpuidFeature.AVX512_VBMI),
    ];

    private static readonly ILookup<Mnemonic, Code> Codes = Enum.GetValues<Code>().ToLookup(code => code.Mnemonic());

    /// <summary>All forms of one instruction, each with some choices of operands; none where the machine lacks it.</summary>
    public IEnumerable<Instruction> Of(Mnemonic mnemonic)
    {
        foreach (var code in Codes[mnemonic])
        {
            var info = code.ToOpCode();
            if (IsLeftOut(code, info) || !info.IsInstruction || !info.Mode64 || !code.CpuidFeatures().All(Available.Contains))
                continue;
            for (int choice = 0; choice < Choices; choice++)
            {
                foreach (var instruction in With(code, info, memory: false, broadcast: false))
                    yield return instruction;
                foreach (var instruction in With(code, info, memory: true, broadcast: false))
                    yield return instruction;
                if (info.CanBroadcast && mnemonic != Mnemonic.Vcvtneps2bf16)
                    foreach (var instruction in With(code, info, memory: true, broadcast: true))
                        yield return instruction;
            }
        }
    }

    private IEnumerable<Instruction> With(Code code, OpCodeInfo info, bool memory, bool broadcast)
    {
        if (Build(code, info, memory, broadcast) is not { } plain)
            yield break;
        yield return plain;
        if (!info.CanUseOpMaskRegister || (info.OpCount == 3 && code.Mnemonic() == Mnemonic.Vmovss))
            yield break;
        yield return Masked(Build(code, info, memory, broadcast)!.Value, zeroing: false);
        if (info.CanUseZeroingMasking && plain.Op0Kind != OpKind.Memory)
            yield return Masked(Build(code, info, memory, broadcast)!.Value, zeroing: true);
    }

    // What nothing emits and the emulator refuses.
    private static bool IsLeftOut(Code code, OpCodeInfo info) =>
        info.OperandSize == 16 || info.AddressSize is 16 or 32 || (code.Mnemonic() == Mnemonic.Imul && info.OpCount == 1);

    private static CpuidFeature[] If(bool condition, params CpuidFeature[] features) => condition ? features : [];

    private T Any<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private Instruction Masked(Instruction instruction, bool zeroing)
    {
        instruction.OpMask = Any(Sandbox.Masks);
        instruction.ZeroingMasking = zeroing;
        return instruction;
    }

    // Null if the code has no such form, or operands of a kind that nothing emits.
    private Instruction? Build(Code code, OpCodeInfo info, bool memory, bool broadcast)
    {
        var instruction = new Instruction { Code = code };
        bool hasMemory = false;
        for (int i = 0; i < info.OpCount; i++)
        {
            string kind = info.GetOpKind(i).ToString();
            if (kind == "mem" || (kind.EndsWith("_or_mem", StringComparison.Ordinal) && memory))
            {
                hasMemory = true;
                instruction.SetOpKind(i, OpKind.Memory);
                instruction.MemoryBase = Sandbox.MemoryPointer;
                instruction.IsBroadcast = broadcast;
            }
            else if (Immediate(kind) is { } immediate)
            {
                instruction.SetOpKind(i, immediate);
                bool isRounding = code.Mnemonic() == Mnemonic.Vcvtps2ph;
                instruction.SetImmediate(i, kind == "imm8_const_1" ? 1 : isRounding ? 4 * random.Next(2) : (sbyte)random.Next(256));
            }
            else if (Register(kind, info.Encoding) is { } register)
            {
                instruction.SetOpKind(i, OpKind.Register);
                instruction.SetOpRegister(i, register);
            }
            else
            {
                return null;
            }
        }
        return hasMemory == memory ? instruction : null;
    }

    private static OpKind? Immediate(string kind) => kind switch
    {
        "imm8" or "imm8_const_1" => OpKind.Immediate8,
        "imm8sex32" => OpKind.Immediate8to32,
        "imm8sex64" => OpKind.Immediate8to64,
        "imm32" => OpKind.Immediate32,
        "imm32sex64" => OpKind.Immediate32to64,
        "imm64" => OpKind.Immediate64,
        _ => null,
    };

    private Register? Register(string kind, EncodingKind encoding)
    {
        int vector = Any(encoding == EncodingKind.EVEX ? Sandbox.Vectors : Sandbox.LowVectors);
        int general = Any(Sandbox.General);
        return kind switch
        {
            "cl" => Iced.Intel.Register.CL,
            "al" => Iced.Intel.Register.AL,
            "eax" => Iced.Intel.Register.EAX,
            "rax" => Iced.Intel.Register.RAX,
            _ => kind.Split('_')[0] switch
            {
                "xmm" => Iced.Intel.Register.XMM0 + vector,
                "ymm" => Iced.Intel.Register.YMM0 + vector,
                "zmm" => Iced.Intel.Register.ZMM0 + vector,
                "k" => Any(Sandbox.Masks),
                "r8" => general == 9 ? Iced.Intel.Register.R9L : Iced.Intel.Register.AL + general,
                "r32" => Iced.Intel.Register.EAX + general,
                "r64" => Iced.Intel.Register.RAX + general,
                _ => null,
            },
        };
    }
}
