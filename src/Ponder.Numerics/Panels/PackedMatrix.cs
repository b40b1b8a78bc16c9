using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Panels;

/// <summary>A weight matrix [rows, columns] as panels. Whoever made it owns the memory.</summary>
public sealed unsafe class PackedMatrix
{
    private readonly byte* _panels;

    internal PackedMatrix(PanelLayout layout, int rows, byte* panels)
    {
        Layout = layout;
        Rows = rows;
        _panels = panels;
    }

    /// <summary>Outputs of the product.</summary>
    public int Rows { get; }

    /// <summary>Inputs of the product.</summary>
    public int Columns => Layout.K;

    internal PanelLayout Layout { get; }

    internal int Panels => PanelsOf(Rows);

    internal byte* Panel(int index) => _panels + index * Layout.Bytes;

    /// <summary>Bytes of the panels of a matrix.</summary>
    internal static long BytesOf(PanelLayout layout, int rows) => PanelsOf(rows) * layout.Bytes;

    /// <summary>Fills the panels from the matrix, on all threads.</summary>
    internal void Fill(WorkerPool pool, PanelRecipe recipe, Matrix matrix) => pool.For(Panels, new Body(recipe, matrix, this));

    private static int PanelsOf(int rows) => (rows + PanelLayout.Columns - 1) / PanelLayout.Columns;

    private readonly struct Body(PanelRecipe recipe, Matrix matrix, PackedMatrix packed) : IParallelBody
    {
        public void Run(int index, int worker)
        {
            int first = index * PanelLayout.Columns;
            int count = Math.Min(PanelLayout.Columns, matrix.Rows - first);
            recipe.Pack(packed.Layout, matrix.Format, matrix.Row(first), (nint)matrix.RowBytes, count, packed.Panel(index));
        }
    }
}
