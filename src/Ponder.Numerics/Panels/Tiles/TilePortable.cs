using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>The AMX recipe in plain code, to the same bits on any machine: what generated kernels and whole models are held to.</summary>
internal sealed unsafe class TilePortable : TileNumbers
{
    // Rows that share a decoded tile.
    private const int MaxRows = 64;

    /// <inheritdoc/>
    public override string Description => "bfloat16 activations, portable";

    /// <summary>A tile, and sums.</summary>
    public override long ScratchBytes(PanelLayout layout) => TileFormat.Bytes + MaxRows * TileFormat.RowBytes;

    /// <inheritdoc/>
    public override void Multiply(
        PanelLayout layout, byte* panels, int count, byte* prepared, int rows, float* y, nint stride, int columns, byte* scratch)
    {
        nint rowBytes = RowBytes(layout.K);
        for (int first = 0; first < rows; first += MaxRows)
        {
            int chunk = Math.Min(MaxRows, rows - first);
            for (int p = 0; p * PanelLayout.Columns < columns; p++)
            {
                int output = p * PanelLayout.Columns;
                MultiplyPanel(layout, panels + p * layout.Bytes, prepared + first * rowBytes, chunk, scratch);
                int outputs = Math.Min(PanelLayout.Columns, columns - output);
                TileSums.Write((float*)(scratch + TileFormat.Bytes), chunk, y + first * stride + output, stride, outputs);
            }
        }
    }

    private void MultiplyPanel(PanelLayout layout, byte* panel, byte* prepared, int rows, byte* scratch)
    {
        var tile = (ushort*)scratch;
        var sums = (float*)(scratch + TileFormat.Bytes);
        new Span<float>(sums, rows * PanelLayout.Columns).Clear();
        for (int group = 0; group < layout.Groups; group++)
        {
            TileWeights.Decode(layout, panel, group, tile);
            for (int row = 0; row < rows; row++)
            {
                var x = (ushort*)(prepared + row * RowBytes(layout.K)) + group * PanelLayout.GroupValues;
                float* sum = sums + row * PanelLayout.Columns;
                Step(Vector512.Load(sum), x, tile).Store(sum);
            }
        }
    }

    // One row of tdpbf16ps; a lane is a column. A vector of the tile holds a pair of K: the even value in the lower half of each lane.
    private static Vector512<float> Step(Vector512<float> sum, ushort* x, ushort* tile)
    {
        Vector512<float> even = default, odd = default;
        for (int k = 0; k < PanelLayout.GroupValues; k += 2)
        {
            var pair = Vector512.Load((uint*)tile + k / 2 * PanelLayout.Columns);
            even = MultiplyAdd(x[k], pair << 16, even);
            odd = MultiplyAdd(x[k + 1], pair & Vector512.Create(0xFFFF0000u), odd);
        }
        return TileRounding.Flush(sum + TileRounding.Flush(even + odd));
    }

    private static Vector512<float> MultiplyAdd(ushort x, Vector512<uint> weights, Vector512<float> sum) => TileRounding.Flush(
        Vector512.FusedMultiplyAdd(TileRounding.Widen(Vector512.Create((uint)x << 16)), TileRounding.Widen(weights), sum));
}
