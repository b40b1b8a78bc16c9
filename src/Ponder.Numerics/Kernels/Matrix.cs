using Ponder.Numerics.Formats;

namespace Ponder.Numerics.Kernels;

/// <summary>A weight matrix in some number format: [rows, columns], a row contiguous. Whoever made it owns the memory.</summary>
/// <param name="Format">The number format; a row holds whole blocks of it.</param>
/// <param name="Data">The first byte of row 0.</param>
/// <param name="Rows">Outputs of the product.</param>
/// <param name="Columns">Inputs of the product.</param>
public sealed unsafe record Matrix(NumberFormat Format, nint Data, int Rows, int Columns)
{
    /// <summary>Bytes from a row to the next.</summary>
    public long RowBytes { get; } = Format.BytesOf(Columns);

    /// <summary>Bytes of the whole matrix.</summary>
    public long Bytes => Rows * RowBytes;

    /// <summary>The first byte of a row.</summary>
    public byte* Row(long row) => (byte*)Data + row * RowBytes;

    /// <summary>A view of some rows, without a copy.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rows are not all in the matrix.</exception>
    public Matrix Slice(int firstRow, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstRow);
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)firstRow + rows, Rows);
        return this with { Data = (nint)Row(firstRow), Rows = rows };
    }

    /// <summary>Decodes a row to float32.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="row">0 to <see cref="Rows"/>, exclusive.</param>
    /// <param name="target">Receives <see cref="Columns"/> values.</param>
    public void DecodeRow(VectorWidth width, long row, float* target) =>
        Format.DecodeBlocks(width, Row(row), target, Columns / Format.BlockSize);
}
