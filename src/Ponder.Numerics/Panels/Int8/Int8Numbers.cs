namespace Ponder.Numerics.Panels.Int8;

/// <summary>What the int8 kernels and their portable twin have in common: the form of activations.</summary>
internal abstract unsafe class Int8Numbers : PanelRecipe
{
    /// <inheritdoc/>
    public override bool HasTwoRows => true;

    /// <inheritdoc/>
    public override nint RowBytes(int k) => RowQuantizer.RowBytes(k);

    /// <inheritdoc/>
    public override void Prepare(float* x, int rows, int k, byte* prepared) => RowQuantizer.Quantize(x, rows, k, prepared);

    /// <inheritdoc/>
    public override void PrepareTwoRows(float* x, int k, byte* high, byte* low) =>
        RowQuantizer.QuantizeTwice(x, k / PanelLayout.GroupValues, (QuantizedGroup*)high, (QuantizedGroup*)low);
}
