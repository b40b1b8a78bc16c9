using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Panels;

/// <summary>
/// How one instruction set multiplies activations with panels: the form that it wants activations in, and the products themselves. The numbers of a row
/// depend on that row and the weights alone, never on how many rows or panels are multiplied together: one order of operations, whatever the blocking.
/// </summary>
internal abstract unsafe class PanelRecipe
{
    /// <summary>What it computes with, for people.</summary>
    public abstract string Description { get; }

    /// <summary>The panels that a number format is repacked to, or null where this recipe has none for it.</summary>
    public virtual PanelKind? KindOf(NumberFormat format) => PanelKind.All.FirstOrDefault(kind => kind.Name == format.Name);

    /// <summary>Packs up to 16 rows of W into one panel; missing rows become outputs that are 0.</summary>
    /// <param name="layout">Of the panel; its kind is <see cref="KindOf"/> the format.</param>
    /// <param name="format">Of the rows.</param>
    /// <param name="rows">The first row.</param>
    /// <param name="rowBytes">Bytes from a row to the next.</param>
    /// <param name="count">Rows, 1 to 16.</param>
    /// <param name="panel">Receives <see cref="PanelLayout.Bytes"/> bytes.</param>
    public virtual void Pack(PanelLayout layout, NumberFormat format, byte* rows, nint rowBytes, int count, byte* panel) =>
        PanelPacker.Pack(layout, rows, rowBytes, count, panel);

    /// <summary>Panels that a thread takes at a time where many rows are multiplied.</summary>
    public virtual int PanelsPerTask => 4;

    /// <summary>Bytes of a prepared activation row of <paramref name="k"/> values, a multiple of 64.</summary>
    public abstract nint RowBytes(int k);

    /// <summary>Brings activation rows into the recipe's form (int8 with scales, or bfloat16), once for all products that read them.</summary>
    /// <param name="x">[rows, k], contiguous.</param>
    /// <param name="rows">1 or more.</param>
    /// <param name="k">A multiple of 32.</param>
    /// <param name="prepared">Receives rows of <see cref="RowBytes"/> bytes each, 64-byte aligned.</param>
    public abstract void Prepare(float* x, int rows, int k, byte* prepared);

    /// <summary>
    /// True if activations can be prepared as a sum of two rows, for products where one row of the recipe's numbers is too coarse; false where they are fine
    /// enough as they are.
    /// </summary>
    public virtual bool HasTwoRows => false;

    /// <summary>Prepares one row as a sum of two: the row as <see cref="Prepare"/> gives it, and what that leaves out.</summary>
    /// <param name="x">[k].</param>
    /// <param name="k">A multiple of 32.</param>
    /// <param name="high">Receives the row.</param>
    /// <param name="low">Receives the rest.</param>
    public virtual void PrepareTwoRows(float* x, int k, byte* high, byte* low) => throw new NotSupportedException(Description);

    /// <summary>Bytes of scratch that <see cref="Multiply"/> wants for weights of a layout.</summary>
    public virtual long ScratchBytes(PanelLayout layout) => 0;

    /// <summary>Multiplies some panels with all rows, on the calling thread.</summary>
    /// <param name="layout">Of the panels.</param>
    /// <param name="panels">The first panel; the others follow, <see cref="PanelLayout.Bytes"/> each. 64-byte aligned.</param>
    /// <param name="count">Panels, 1 or more.</param>
    /// <param name="prepared">The activations.</param>
    /// <param name="rows">Rows of them, 1 or more.</param>
    /// <param name="y">The first row's result of the first panel's first output; receives 16 values a row and panel.</param>
    /// <param name="stride">Values from a row of y to the next.</param>
    /// <param name="columns">Outputs to write, at most 16 * count: the last panel may be partly padding, which must not be written.</param>
    /// <param name="scratch">64-byte-aligned memory of the calling thread, <see cref="ScratchBytes"/> long.</param>
    public abstract void Multiply(
        PanelLayout layout, byte* panels, int count, byte* prepared, int rows, float* y, nint stride, int columns, byte* scratch);
}
