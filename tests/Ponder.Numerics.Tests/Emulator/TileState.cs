using Ponder.Numerics.Memory;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>Tile registers and their configuration: palette 1, eight tiles of up to 16 rows of 64 bytes.</summary>
internal sealed unsafe class TileState : IDisposable
{
    public const int Count = 8, MaxRows = 16, RowBytes = 64, ConfigurationBytes = 64;

    private readonly NativeBuffer<byte> _tiles = new(Count * MaxRows * RowBytes);
    private readonly int[] _rows = new int[Count], _columnBytes = new int[Count];

    public bool IsConfigured { get; private set; }

    /// <summary>Row to begin a load or store with; other than zero only after an interruption.</summary>
    public int StartRow { get; private set; }

    public int Rows(int tile) => _rows[tile];

    public int ColumnBytes(int tile) => _columnBytes[tile];

    /// <summary>64 bytes of a tile's row.</summary>
    public byte* Row(int tile, int row) => _tiles.Pointer + (tile * MaxRows + row) * RowBytes;

    /// <summary>Takes a configuration; all tiles become zero.</summary>
    /// <param name="source">
    /// 64 bytes: 0 palette, 1 start row, from 16 on eight 16-bit counts of bytes a row, from 48 on eight counts of rows; all else zero.
    /// </param>
    /// <returns>What is wrong with it, or null.</returns>
    public string? Configure(byte* source)
    {
        if (source[0] == 0)
        {
            Release();
            return null;
        }
        if (source[0] != 1)
            return $"palette {source[0]} does not exist.";
        for (int i = 2; i < ConfigurationBytes; i++)
            if (i is < 16 or (>= 32 and < 48) or >= 56 && source[i] != 0)
                return $"byte {i} of the configuration must be 0.";
        for (int tile = 0; tile < Count; tile++)
        {
            int columnBytes = ((ushort*)(source + 16))[tile], rows = source[48 + tile];
            if (columnBytes > RowBytes || rows > MaxRows || columnBytes == 0 != (rows == 0))
                return $"tile {tile} cannot have {rows} rows of {columnBytes} bytes.";
        }
        _tiles.Span.Clear();
        for (int tile = 0; tile < Count; tile++)
        {
            _columnBytes[tile] = ((ushort*)(source + 16))[tile];
            _rows[tile] = source[48 + tile];
        }
        StartRow = source[1];
        IsConfigured = true;
        return null;
    }

    /// <summary>The configuration as <see cref="Configure"/> takes it.</summary>
    public void Store(byte* target)
    {
        new Span<byte>(target, ConfigurationBytes).Clear();
        if (!IsConfigured)
            return;
        target[0] = 1;
        target[1] = (byte)StartRow;
        for (int tile = 0; tile < Count; tile++)
        {
            ((ushort*)(target + 16))[tile] = (ushort)_columnBytes[tile];
            target[48 + tile] = (byte)_rows[tile];
        }
    }

    public void Release()
    {
        IsConfigured = false;
        StartRow = 0;
        Array.Clear(_rows);
        Array.Clear(_columnBytes);
        _tiles.Span.Clear();
    }

    /// <summary>Every instruction that touches tile data sets the start row back.</summary>
    public void ResetStartRow() => StartRow = 0;

    public void Dispose() => _tiles.Dispose();
}
