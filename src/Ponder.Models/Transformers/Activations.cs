namespace Ponder.Models.Transformers;

/// <summary>The input of linear layers: rows of float32, and the same rows in the form that repacked weights want.</summary>
/// <param name="compute">Where the layers compute.</param>
/// <param name="values">[rows, columns].</param>
/// <param name="prepared">Receives the prepared rows; one memory for all inputs, so only the latest is valid.</param>
/// <param name="columns">Values of a row.</param>
/// <param name="wanted">True if some layer that reads them has repacked weights.</param>
internal readonly unsafe struct Activations(Compute compute, float* values, byte* prepared, int columns, bool wanted)
{
    private readonly nint _rowBytes = compute.Packed?.RowBytes(columns) ?? 0;

    /// <summary>[rows, columns].</summary>
    public float* Values { get; } = values;

    /// <summary>The prepared rows.</summary>
    public byte* Prepared { get; } = prepared;

    /// <summary>Float32 values of a row.</summary>
    public float* Row(int row) => Values + (nint)row * columns;

    /// <summary>Prepares a row of <see cref="Values"/>: best right after it was computed, while it is in the cache.</summary>
    public void Prepare(int row)
    {
        if (wanted)
            compute.Packed!.Prepare(Row(row), 1, columns, Prepared + row * _rowBytes);
    }
}
