namespace Ponder.Models.Transformers;

/// <summary>The input of linear layers: rows of float32, and the same rows in the form that repacked weights want.</summary>
/// <param name="compute">Where the layers compute.</param>
/// <param name="values">[rows, columns].</param>
/// <param name="rows">Rows.</param>
/// <param name="columns">Values of a row.</param>
/// <param name="prepared">Receives the prepared rows; one memory for all inputs, so only the latest is valid.</param>
/// <param name="needs">What the layers that read them want.</param>
internal readonly unsafe struct Activations(Compute compute, float* values, int rows, int columns, byte* prepared, InputNeeds needs)
{
    /// <summary>[rows, columns].</summary>
    public float* Values { get; } = values;

    /// <summary>Rows.</summary>
    public int Rows => rows;

    /// <summary>The prepared rows.</summary>
    public byte* Prepared { get; } = prepared;

    /// <summary>Float32 values of a row.</summary>
    public float* Row(int row) => Values + (nint)row * columns;

    /// <summary>Prepares a row of <see cref="Values"/>: best right after it was computed, while it is in the cache.</summary>
    public void Prepare(int row)
    {
        if (needs != InputNeeds.Float32)
            compute.Packed!.Prepare(Row(row), row, rows, columns, needs == InputNeeds.PreparedFinely, Prepared);
    }
}

/// <summary>In what form a linear layer reads its input.</summary>
internal enum InputNeeds
{
    /// <summary>As it is: the weights are decoded as they are read.</summary>
    Float32,

    /// <summary>Prepared for repacked weights.</summary>
    Prepared,

    /// <summary>Prepared finely, for layers whose results suffer most from rounded activations.</summary>
    PreparedFinely,
}
