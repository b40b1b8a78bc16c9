using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Ponder.Cli.Tuning;

/// <summary>What the processor calls itself.</summary>
internal static class CpuName
{
    private const uint BrandLeaf = 0x8000_0002, BrandLeaves = 3, LastLeaf = 0x8000_0000;

    /// <summary>The brand of an x86 processor (CPUID leaves 8000_0002h to 8000_0004h), else the architecture.</summary>
    public static string Current { get; } = Brand() is { Length: > 0 } brand ? brand : RuntimeInformation.ProcessArchitecture.ToString();

    private static string? Brand()
    {
        if (!X86Base.IsSupported || (uint)X86Base.CpuId(unchecked((int)LastLeaf), 0).Eax < BrandLeaf + BrandLeaves - 1)
            return null;
        Span<int> words = stackalloc int[4 * (int)BrandLeaves];
        for (uint leaf = 0; leaf < BrandLeaves; leaf++)
        {
            var (eax, ebx, ecx, edx) = X86Base.CpuId(unchecked((int)(BrandLeaf + leaf)), 0);
            ((ReadOnlySpan<int>)[eax, ebx, ecx, edx]).CopyTo(words[(4 * (int)leaf)..]);
        }
        return Encoding.ASCII.GetString(MemoryMarshal.AsBytes(words)).TrimEnd('\0').Trim();
    }
}
