using Ponder.Numerics.CodeGen;

namespace Ponder.Numerics.Panels.Int8;

/// <summary>
/// Products of int8 activations with quantized weights in integers, by generated code. The numbers are these, on every instruction set and in
/// <see cref="Int8Portable"/>, to the bit; "float32" means rounded to nearest, ties to even.
/// </summary>
/// <remarks>
/// Activations, for each row and group of 32 values x, with m the largest |x|:
/// <code>
/// s   = m / 127                                    float32
/// a_k = round(x_k * (127 / m))                     two float32 operations, then to the nearest integer, ties to even: -127 to 127
/// </code>
/// Where m is below 2^-119, s and all a are 0. Where an x is NaN or infinite, s is NaN and so is every result of the row.
///
/// Products, for each row and output, over the groups in the order of K, from y = 0; q is the unsigned weight, o the kind's offset:
/// <code>
/// t = float32(sum of (q_k - o) * a_k)              an exact integer
/// w = d, or d * sc                                 float32, as the number format decodes it
/// y = fma(t, w * s, y)                             w * s in float32
/// y = fma(m, ±(s * sum of a_k), y)                 kinds with a minimum: m = M, or M * mn in float32; s * sum in float32
/// </code>
/// Kinds with two scales in a group: t = t0 * sc0 + t1 * sc1 of the sums over the first and the last 16 values, an integer of at most 2^24 and so exact in
/// float32, and w = d.
///
/// Where activations are prepared as two rows, the second holds x_k - s * a_k (fused, float32) by the same rules, and the result is the sum of the two rows'
/// results, in float32.
/// </remarks>
internal sealed unsafe class Int8Recipe(InstructionSet set) : Int8Numbers
{
    // A block of activation rows stays in L2 beside a tile's panels.
    private const int RowBlockBytes = 384 * 1024;

    // Rows that the last panel is multiplied with at a time, where it is partly padding.
    private const int PaddedRows = 48;

    // By kind, rows and panels of the tile: found without a look into the table of all kernels.
    private readonly GeneratedKernel?[] _kernels = new GeneratedKernel?[PanelKind.All.Count * Int8Kernel.RowsLimit * Int8Kernel.PanelsLimit];

    /// <inheritdoc/>
    public override string Description => $"int8 activations, {InstructionSets.NameOf(set)}";

    /// <inheritdoc/>
    public override void Multiply(
        PanelLayout layout, byte* panels, int count, byte* prepared, int rows, float* y, nint stride, int columns, byte* scratch)
    {
        nint rowBytes = RowBytes(layout.K);
        int most = Int8Kernel.MostRows(set, layout.Kind);
        int blockRows = (int)Math.Max(1, RowBlockBytes / rowBytes / most) * most;
        for (int first = 0; first < rows; first += blockRows)
            MultiplyBlock(layout, panels, prepared + first * rowBytes, Math.Min(blockRows, rows - first), y + first * stride, stride, columns);
    }

    private void MultiplyBlock(PanelLayout layout, byte* panels, byte* prepared, int rows, float* y, nint stride, int columns)
    {
        int whole = columns / PanelLayout.Columns, rest = columns % PanelLayout.Columns;
        for (int panel = 0, tiles; panel < whole; panel += tiles)
        {
            int width = Math.Min(Int8Kernel.MostPanels(set), whole - panel);
            // One tile of rows reads each panel once: all in one call. More of them read a panel while it is in the cache.
            tiles = RowTiles(layout.Kind, rows) == 1 ? (whole - panel) / width : 1;
            MultiplyTiles(layout, panels + panel * layout.Bytes, width, tiles, prepared, rows, y + panel * PanelLayout.Columns, stride);
            tiles *= width;
        }
        if (rest > 0)
            MultiplyPadded(layout, panels + whole * layout.Bytes, prepared, rows, y + whole * PanelLayout.Columns, stride, rest);
    }

    // Kernels write whole panels.
    private void MultiplyPadded(PanelLayout layout, byte* panel, byte* prepared, int rows, float* y, nint stride, int columns)
    {
        float* padded = stackalloc float[PaddedRows * PanelLayout.Columns];
        for (int first = 0; first < rows; first += PaddedRows)
        {
            int size = Math.Min(PaddedRows, rows - first);
            MultiplyTiles(layout, panel, 1, 1, prepared + first * RowBytes(layout.K), size, padded, PanelLayout.Columns);
            for (int row = 0; row < size; row++)
                new ReadOnlySpan<float>(padded + row * PanelLayout.Columns, columns).CopyTo(new Span<float>(y + (first + row) * stride, columns));
        }
    }

    // All rows with tiles of panels that follow each other; rows in as few tiles as possible, of nearly equal size.
    private void MultiplyTiles(PanelLayout layout, byte* panels, int width, int tiles, byte* prepared, int rows, float* y, nint stride)
    {
        nint rowBytes = RowBytes(layout.K);
        int rowTiles = RowTiles(layout.Kind, rows), kernels = FirstKernel(layout.Kind);
        // While a core multiplies, memory is idle: tiles of rows with the same panels share the way of the next panels into the cache.
        long next = width * layout.Bytes, step = 64 * Int8Kernel.LinesAhead(layout.Kind, width);
        for (int tile = 0, first = 0; tile < rowTiles; tile++)
        {
            int size = (rows - first) / (rowTiles - tile);
            long ahead = tile * layout.Groups * step;
            bool hasAhead = rowTiles > 1 && ahead < next;
            var arguments = Int8Arguments.Of(layout, panels) with
            {
                Row = (QuantizedGroup*)(prepared + first * rowBytes),
                Y = y + first * stride,
                YRowBytes = stride * sizeof(float),
                Ahead = hasAhead ? panels + next + ahead : panels,
                AheadStep = hasAhead ? step : 0,
                Tiles = tiles,
            };
            ref var kernel = ref _kernels[kernels + (size - 1) * Int8Kernel.PanelsLimit + width - 1];
            kernel ??= KernelCache.Get(new Int8Kernel(set, layout.Kind, size, width));
            kernel.Run(&arguments);
            first += size;
        }
    }

    private int RowTiles(PanelKind kind, int rows)
    {
        int most = Int8Kernel.MostRows(set, kind);
        return (rows + most - 1) / most;
    }

    private static int FirstKernel(PanelKind kind)
    {
        int index = 0;
        while (PanelKind.All[index] != kind)
            index++;
        return index * Int8Kernel.RowsLimit * Int8Kernel.PanelsLimit;
    }
}
