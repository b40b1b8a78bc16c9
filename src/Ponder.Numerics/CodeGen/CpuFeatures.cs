using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Ponder.Numerics.CodeGen;

/// <summary>What this processor, its operating system and the runtime's settings together allow generated code to use.</summary>
internal static partial class CpuFeatures
{
    private const long ArchPrctl = 158, RequestPermission = 0x1023, TileData = 18;

    /// <summary>AVX2, FMA and the float16 conversions, which every processor with AVX2 has.</summary>
    public static bool Avx2 { get; } = System.Runtime.Intrinsics.X86.Avx2.IsSupported && Fma.IsSupported && Leaf(1, 0, 2, 29);

    /// <summary>VPDPBUSD over 256 bits, in VEX encoding.</summary>
    public static bool AvxVnni { get; } = Avx2 && Leaf(7, 1, 0, 4);

    /// <summary>AVX-512 F, BW, DQ and VL with VPDPBUSD over 512 bits.</summary>
    public static bool Avx512Vnni { get; } =
        Avx2 && Avx512F.VL.IsSupported && Avx512BW.VL.IsSupported && Avx512DQ.VL.IsSupported && Leaf(7, 0, 2, 11);

    /// <summary>AVX-512 conversions to bfloat16.</summary>
    public static bool Avx512Bf16 { get; } = Avx512Vnni && Leaf(7, 1, 0, 5);

    /// <summary>Tiles with bfloat16 and int8 products, and the system's permission to use them. Linux only.</summary>
    public static bool Amx { get; } =
        Avx512Bf16 && Leaf(7, 0, 3, 22) && Leaf(7, 0, 3, 24) && Leaf(7, 0, 3, 25)
        && OperatingSystem.IsLinux() && SystemCall(ArchPrctl, RequestPermission, TileData) == 0;

    // One bit of CPUID; registers are numbered EAX 0, EBX 1, ECX 2, EDX 3.
    private static bool Leaf(int function, int subfunction, int register, int bit)
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < function || (subfunction > 0 && X86Base.CpuId(function, 0).Eax < subfunction))
            return false;
        var (eax, ebx, ecx, edx) = X86Base.CpuId(function, subfunction);
        int value = register switch { 0 => eax, 1 => ebx, 2 => ecx, _ => edx };
        return (value >> bit & 1) != 0;
    }

    // arch_prctl has no wrapper in every libc.
    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial long SystemCall(long number, long first, long second);
}
