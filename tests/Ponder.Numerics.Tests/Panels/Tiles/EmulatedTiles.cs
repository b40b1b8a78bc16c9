using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels.Tiles;
using Ponder.Numerics.Tests.Emulator;

namespace Ponder.Numerics.Tests.Panels.Tiles;

/// <summary>The AMX recipe with kernels that run on an emulated processor, each access to memory checked.</summary>
internal sealed unsafe class EmulatedTiles(CallingConvention convention)
{
    private readonly List<string> _ran = [];

    /// <summary>The kernels that ran, by the second word of their names.</summary>
    public IEnumerable<string> Ran => _ran.Select(name => name.Split('-')[1]).Distinct();

    /// <summary>The products of the rows from one on, [count, outputs].</summary>
    public float[] Multiply(TileProblem problem, int first = 0, int count = 0)
    {
        count = count == 0 ? problem.Rows : count;
        var ranges = new List<MemoryRange>();
        var recipe = new TileRecipe(spec =>
        {
            var emulator = new KernelEmulator(spec.Generate(convention), convention);
            return arguments =>
            {
                _ran.Add(spec.Name);
                emulator.Run(arguments, [.. ranges]);
            };
        });
        using var prepared = new NativeBuffer<byte>(count * recipe.RowBytes(problem.Layout.K));
        using var scratch = new NativeBuffer<byte>(recipe.ScratchBytes(problem.Layout));
        ranges.Add(MemoryRange.Read(problem.Panels.Pointer, problem.Panels.Length, "panels"));
        ranges.Add(MemoryRange.Read(prepared.Pointer, prepared.Length, "activations"));
        ranges.Add(MemoryRange.ReadWrite(scratch.Pointer, scratch.Length, "scratch"));
        return problem.Multiply(recipe, first, count, prepared, scratch);
    }
}
