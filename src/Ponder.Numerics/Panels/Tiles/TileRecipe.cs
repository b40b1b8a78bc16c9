using System.Runtime.CompilerServices;
using Ponder.Numerics.CodeGen;
namespace Ponder.Numerics.Panels.Tiles;

/// <summary>Products with panels on AMX: generated kernels for <see cref="InstructionSet.Amx"/>, bit for bit those of <see cref="TilePortable"/>.</summary>
/// <remarks>
/// Up to 32 rows, weights are decoded and multiplied in one pass at the speed of memory. Beyond that, blocks of K are decoded once for up to
/// <see cref="TileBlocking.MaxRows"/> rows. A call should bring all rows and several panels: activations are then read from a near cache.
/// </remarks>
internal sealed unsafe class TileRecipe : TileNumbers
{
    private readonly Func<IKernelSpec, TileKernel> _make;
    private readonly Lock _lock = new();
    private volatile TileKernels[] _known = [];

    /// <summary>Products on this machine's tiles.</summary>
    public TileRecipe()
        : this(Compile)
    {
    }

    /// <summary>Products whose kernels run elsewhere: in a test's emulator.</summary>
    public TileRecipe(Func<IKernelSpec, TileKernel> make) => _make = make;

    /// <inheritdoc/>
    public override string Description => "bfloat16 activations, amx";

    /// <inheritdoc/>
    public override long ScratchBytes(PanelLayout layout) => TileBlocking.ScratchBytes;

    /// <inheritdoc/>
    public override void Multiply(
        PanelLayout layout, byte* panels, int count, byte* prepared, int rows, float* y, nint stride, int columns, byte* scratch)
    {
        var kernels = Kernels(layout);
        nint rowBytes = RowBytes(layout.K);
        for (int first = 0; first < rows; first += TileBlocking.MaxRows)
        {
            int chunk = Math.Min(TileBlocking.MaxRows, rows - first);
            bool few = chunk <= TileBlocking.StreamRows && layout.Kind != PanelKind.BF16;
            int together = few ? 2 : TileBlocking.MaxPanels;
            for (int panel = 0; panel * PanelLayout.Columns < columns; panel += together)
            {
                int output = panel * PanelLayout.Columns, outputs = Math.Min(together * PanelLayout.Columns, columns - output);
                var block = new TileBlock(kernels, panels + panel * layout.Bytes, outputs, prepared + first * rowBytes, chunk, scratch);
                if (few)
                    block.Stream();
                else
                    block.Multiply();
                block.Write(y + first * stride + output, stride);
            }
        }
    }

    private static TileKernel Compile(IKernelSpec spec)
    {
        var kernel = KernelCache.Get(spec);
        return arguments => kernel.Run(arguments);
    }

    // A model has few layouts: looking through them is quicker than hashing one, and allocates nothing.
    private TileKernels Kernels(PanelLayout layout)
    {
        foreach (var kernels in _known)
        {
            if (kernels.Layout.K == layout.K && ReferenceEquals(kernels.Layout.Kind, layout.Kind))
                return kernels;
        }
        return Add(layout);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private TileKernels Add(PanelLayout layout)
    {
        lock (_lock)
        {
            if (_known.FirstOrDefault(kernels => kernels.Layout == layout) is { } known)
                return known;
            var added = new TileKernels(layout, _make);
            _known = [.. _known, added];
            return added;
        }
    }
}
