using Ponder.Numerics.Formats;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Panels.Tiles;

namespace Ponder.Numerics.Tests.Panels.Tiles;

/// <summary>Random weights in panels and activations [rows, K], and products of them.</summary>
internal sealed unsafe class TileProblem : IDisposable
{
    // Between results, where nothing may be written.
    private const float Untouched = -12345;
    private const int Padding = 3;

    public TileProblem(string format, int outputs, int k, int rows, int seed)
    {
        var random = new Random(seed);
        var numbers = NumberFormats.FromName(format)!;
        (Outputs, Rows) = (outputs, rows);
        Weights = new float[outputs * k];
        byte[] blocks;
        if (TilePacker.CanPack(numbers))
        {
            Layout = new PanelLayout(PanelKind.BF16, k);
            for (int i = 0; i < Weights.Length; i++)
                Weights[i] = Normal(random);
            blocks = new byte[numbers.BytesOf(Weights.Length)];
            numbers.Encode(Weights, blocks);
        }
        else
        {
            Layout = new PanelLayout(PanelSamples.KindOf(format), k);
            blocks = PanelSamples.RandomBlocks(random, numbers, Weights.Length);
        }
        numbers.Decode(blocks, Weights);
        Panels = Layout.Kind == PanelKind.BF16 ? PackTiles(numbers, blocks) : PanelSamples.Pack(Layout, blocks, outputs);
        X = new NativeBuffer<float>(rows * k);
        for (int i = 0; i < rows * k; i++)
            X.Span[i] = Normal(random);
    }

    public PanelLayout Layout { get; }

    public int Outputs { get; }

    public int Rows { get; }

    /// <summary>[outputs, K], as the number format decodes them.</summary>
    public float[] Weights { get; }

    public NativeBuffer<byte> Panels { get; }

    public NativeBuffer<float> X { get; }

    /// <summary>The products of the rows from one on, [count, outputs]. Fails if anything else is written.</summary>
    public float[] Multiply(PanelRecipe recipe, int first = 0, int count = 0)
    {
        count = count == 0 ? Rows : count;
        using var prepared = new NativeBuffer<byte>(count * recipe.RowBytes(Layout.K));
        using var scratch = new NativeBuffer<byte>(recipe.ScratchBytes(Layout));
        return Multiply(recipe, first, count, prepared, scratch);
    }

    /// <inheritdoc cref="Multiply(PanelRecipe, int, int)"/>
    public float[] Multiply(PanelRecipe recipe, int first, int count, NativeBuffer<byte> prepared, NativeBuffer<byte> scratch)
    {
        int stride = Outputs + Padding;
        using var y = new NativeBuffer<float>(count * stride);
        y.Span.Fill(Untouched);
        scratch.Span.Fill(0x7F);
        recipe.Prepare(X.Pointer + first * Layout.K, count, Layout.K, prepared.Pointer);
        recipe.Multiply(Layout, Panels.Pointer, (Outputs + 15) / 16, prepared.Pointer, count, y.Pointer, stride, Outputs, scratch.Pointer);
        float[] results = new float[count * Outputs];
        for (int row = 0; row < count; row++)
        {
            y.Span.Slice(row * stride, Outputs).CopyTo(results.AsSpan(row * Outputs));
            foreach (float padding in y.Span.Slice(row * stride + Outputs, Padding))
                padding.ShouldBe(Untouched);
        }
        return results;
    }

    public void Dispose()
    {
        Panels.Dispose();
        X.Dispose();
    }

    private NativeBuffer<byte> PackTiles(NumberFormat format, byte[] blocks)
    {
        int panels = (Outputs + 15) / 16, rowBytes = blocks.Length / Outputs;
        var packed = new NativeBuffer<byte>(panels * Layout.Bytes);
        packed.Span.Fill(0xA5);
        fixed (byte* source = blocks)
        {
            for (int p = 0; p < panels; p++)
                TilePacker.Pack(Layout, format, source + p * 16 * rowBytes, rowBytes, Math.Min(16, Outputs - p * 16), packed.Pointer + p * Layout.Bytes);
        }
        return packed;
    }

    private static float Normal(Random random) =>
        (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
}
