using Ponder.Numerics.Formats;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Tests.Kernels;

namespace Ponder.Numerics.Tests.Panels;

/// <summary>Activations and packed weights of a product; results are written between guards.</summary>
internal sealed unsafe class Int8Product : IDisposable
{
    private readonly NativeBuffer<byte> _panels;
    private readonly Guarded _x;

    public Int8Product(string kind, byte[] blocks, float[] x, int rows, int outputs)
    {
        Layout = new PanelLayout(PanelSamples.KindOf(kind), x.Length / rows);
        _panels = PanelSamples.Pack(Layout, blocks, outputs);
        _x = new Guarded(x);
        (Rows, Outputs) = (rows, outputs);
    }

    public PanelLayout Layout { get; }

    public int Rows { get; }

    public int Outputs { get; }

    public byte* Panels => _panels.Pointer;

    /// <summary>Random blocks and activations from -1 to 1.</summary>
    public static Int8Product Random(string kind, Random random, int rows, int outputs, int k)
    {
        byte[] blocks = PanelSamples.RandomBlocks(random, NumberFormats.FromName(kind)!, outputs * k);
        using var x = Guarded.Random(random, rows * k);
        return new Int8Product(kind, blocks, x.Checked(), rows, outputs);
    }

    public float[] Multiply(PanelRecipe recipe) => Multiply(recipe, 0, Rows, 0, Outputs);

    /// <summary>Some rows and some outputs, the first a multiple of 16, in a call of their own.</summary>
    public float[] Multiply(PanelRecipe recipe, int firstRow, int rows, int firstOutput, int outputs)
    {
        using var prepared = Prepare(recipe, firstRow, rows);
        using var y = new Guarded(rows * outputs);
        recipe.Multiply(
            Layout, Panels + firstOutput / 16 * Layout.Bytes, (outputs + 15) / 16, prepared.Pointer, rows, y.Pointer, outputs, outputs, null);
        return y.Checked();
    }

    public NativeBuffer<byte> Prepare(PanelRecipe recipe, int firstRow, int rows)
    {
        var prepared = new NativeBuffer<byte>(rows * recipe.RowBytes(Layout.K));
        recipe.Prepare(_x.Pointer + firstRow * Layout.K, rows, Layout.K, prepared.Pointer);
        return prepared;
    }

    public void Dispose()
    {
        _panels.Dispose();
        _x.Dispose();
    }
}
