using System.Collections.Concurrent;

namespace Ponder.Numerics.CodeGen;

/// <summary>What distinguishes a generated kernel from others: a record of its parameters.</summary>
internal interface IKernelSpec
{
    /// <summary>A name that says all parameters; a file name.</summary>
    string Name { get; }

    /// <summary>Makes the code.</summary>
    /// <param name="convention">Of the caller; the tests make code for both.</param>
    byte[] Generate(CallingConvention convention);
}

/// <summary>Generated kernels by their parameters: each is made once in a process.</summary>
internal static class KernelCache
{
    private static readonly ConcurrentDictionary<IKernelSpec, Lazy<GeneratedKernel>> Kernels = new();

    /// <summary>The kernel of some parameters, made on first use.</summary>
    public static GeneratedKernel Get(IKernelSpec spec) => Kernels.GetOrAdd(spec, static spec => new Lazy<GeneratedKernel>(() => Make(spec))).Value;

    private static GeneratedKernel Make(IKernelSpec spec)
    {
        byte[] code = spec.Generate(KernelAssembler.Native);
        Disassembly.Dump(spec.Name, code);
        return new GeneratedKernel(spec.Name, code);
    }
}
