using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Panels;

/// <summary>A weight matrix [rows, columns] as panels in memory of its own.</summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    private readonly PageBuffer _memory;

    private PackedMatrix(PanelLayout layout, int rows)
    {
        Layout = layout;
        Rows = rows;
        _memory = new PageBuffer(Panels * layout.Bytes);
    }

    /// <summary>Outputs of the product.</summary>
    public int Rows { get; }

    /// <summary>Inputs of the product.</summary>
    public int Columns => Layout.K;

    /// <summary>Bytes of all panels.</summary>
    public long Bytes => _memory.Length;

    internal PanelLayout Layout { get; }

    internal int Panels => (Rows + PanelLayout.Columns - 1) / PanelLayout.Columns;

    internal byte* Panel(int index) => _memory.Pointer + index * Layout.Bytes;

    /// <summary>Repacks a matrix on all threads.</summary>
    internal static PackedMatrix Pack(WorkerPool pool, Matrix matrix, PanelKind kind)
    {
        var packed = new PackedMatrix(new PanelLayout(kind, matrix.Columns), matrix.Rows);
        pool.For(packed.Panels, new Body(matrix, packed));
        return packed;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private readonly struct Body(Matrix matrix, PackedMatrix packed) : IParallelBody
    {
        public void Run(int index, int worker)
        {
            int first = index * PanelLayout.Columns;
            PanelPacker.Pack(
                packed.Layout, matrix.Row(first), (nint)matrix.RowBytes, Math.Min(PanelLayout.Columns, matrix.Rows - first), packed.Panel(index));
        }
    }
}
