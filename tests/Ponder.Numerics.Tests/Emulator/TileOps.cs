using Iced.Intel;

namespace Ponder.Numerics.Tests.Emulator;

/// <summary>AMX: tile configuration, loads, stores and products, after the Intel Software Developer's Manual, volume 2.</summary>
internal static unsafe class TileOps
{
    public static void Add(Dictionary<Mnemonic, Handler> table)
    {
        table[Mnemonic.Ldtilecfg] = (cpu, step) =>
        {
            if (cpu.Tiles.Configure(cpu.Memory.Read(step, step.Address(cpu), TileState.ConfigurationBytes)) is { } complaint)
                throw new InvalidTileException(step, complaint);
        };
        table[Mnemonic.Sttilecfg] = (cpu, step) => cpu.Tiles.Store(cpu.Memory.Write(step, step.Address(cpu), TileState.ConfigurationBytes));
        table[Mnemonic.Tilerelease] = (cpu, _) => cpu.Tiles.Release();
        table[Mnemonic.Tilezero] = (cpu, step) =>
        {
            int tile = Tile(cpu, step, 0);
            new Span<byte>(cpu.Tiles.Row(tile, 0), TileState.MaxRows * TileState.RowBytes).Clear();
            cpu.Tiles.ResetStartRow();
        };
        table[Mnemonic.Tileloadd] = Load;
        table[Mnemonic.Tileloaddt1] = Load;
        table[Mnemonic.Tilestored] = Store;
        table[Mnemonic.Tdpbf16ps] = MultiplyBFloat16;
        table[Mnemonic.Tdpbssd] = MultiplyBytes((a, b) => (sbyte)a * (sbyte)b);
        table[Mnemonic.Tdpbsud] = MultiplyBytes((a, b) => (sbyte)a * b);
        table[Mnemonic.Tdpbusd] = MultiplyBytes((a, b) => a * (sbyte)b);
        table[Mnemonic.Tdpbuud] = MultiplyBytes((a, b) => a * b);
    }

    private static int Tile(Cpu cpu, Step step, int operand)
    {
        int tile = step[operand].Number;
        return !cpu.Tiles.IsConfigured ? throw new InvalidTileException(step, "no tiles are configured.")
            : cpu.Tiles.Rows(tile) == 0 ? throw new InvalidTileException(step, $"tile {tile} is not configured.")
            : tile;
    }

    private static ulong RowAddress(Cpu cpu, Step step, int row) =>
        step.Address(cpu) - step.Stride(cpu) + (ulong)row * step.Stride(cpu);

    // What lies beyond the tile's rows and columns becomes zero.
    private static void Load(Cpu cpu, Step step)
    {
        int tile = Tile(cpu, step, 0), bytes = cpu.Tiles.ColumnBytes(tile);
        for (int row = 0; row < TileState.MaxRows; row++)
        {
            var target = new Span<byte>(cpu.Tiles.Row(tile, row), TileState.RowBytes);
            if (row >= cpu.Tiles.Rows(tile))
                target.Clear();
            else if (row >= cpu.Tiles.StartRow)
            {
                new ReadOnlySpan<byte>(cpu.Memory.Read(step, RowAddress(cpu, step, row), bytes), bytes).CopyTo(target);
                target[bytes..].Clear();
            }
        }
        cpu.Tiles.ResetStartRow();
    }

    private static void Store(Cpu cpu, Step step)
    {
        int tile = Tile(cpu, step, 1), bytes = cpu.Tiles.ColumnBytes(tile);
        for (int row = cpu.Tiles.StartRow; row < cpu.Tiles.Rows(tile); row++)
            Operands.Copy(cpu.Tiles.Row(tile, row), cpu.Memory.Write(step, RowAddress(cpu, step, row), bytes), bytes);
        cpu.Tiles.ResetStartRow();
    }

    // C [m, n] += A [m, k] * B [k, n] in units of four bytes.
    private static (int C, int A, int B) Product(Cpu cpu, Step step)
    {
        int c = Tile(cpu, step, 0), a = Tile(cpu, step, 1), b = Tile(cpu, step, 2);
        var tiles = cpu.Tiles;
        if (c == a || a == b || c == b)
            throw new InvalidTileException(step, "the three tiles must differ.");
        if (tiles.ColumnBytes(c) % 4 != 0 || tiles.ColumnBytes(a) % 4 != 0 || tiles.ColumnBytes(b) % 4 != 0)
            throw new InvalidTileException(step, "rows must be multiples of 4 bytes.");
        if (tiles.Rows(c) != tiles.Rows(a) || tiles.ColumnBytes(c) != tiles.ColumnBytes(b) || tiles.ColumnBytes(a) / 4 != tiles.Rows(b))
            throw new InvalidTileException(step, "the shapes of the three tiles do not fit.");
        tiles.ResetStartRow();
        return (c, a, b);
    }

    /// <summary>
    /// Even and odd products are summed apart, each with fused multiply-adds along K; the two sums are added, and that to the tile. Subnormal numbers are
    /// zeros, as sources and as results.
    /// </summary>
    private static void MultiplyBFloat16(Cpu cpu, Step step)
    {
        var (c, a, b) = Product(cpu, step);
        var tiles = cpu.Tiles;
        for (int m = 0; m < tiles.Rows(c); m++)
        {
            for (int n = 0; n < tiles.ColumnBytes(c) / 4; n++)
            {
                float even = 0, odd = 0;
                for (int k = 0; k < tiles.ColumnBytes(a) / 4; k++)
                {
                    ushort* x = (ushort*)tiles.Row(a, m) + 2 * k, y = (ushort*)tiles.Row(b, k) + 2 * n;
                    even = FlushingFloat.MultiplyAdd(FromBFloat16(x[0]), FromBFloat16(y[0]), even);
                    odd = FlushingFloat.MultiplyAdd(FromBFloat16(x[1]), FromBFloat16(y[1]), odd);
                }
                float* sum = (float*)tiles.Row(c, m) + n;
                *sum = FlushingFloat.Add(*sum, FlushingFloat.Add(even, odd));
            }
        }
        ClearOutside(tiles, c);
    }

    private static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    // 32-bit sums wrap around.
    private static Handler MultiplyBytes(Func<byte, byte, int> product) => (cpu, step) =>
    {
        var (c, a, b) = Product(cpu, step);
        var tiles = cpu.Tiles;
        for (int m = 0; m < tiles.Rows(c); m++)
        {
            for (int n = 0; n < tiles.ColumnBytes(c) / 4; n++)
            {
                int sum = ((int*)tiles.Row(c, m))[n];
                for (int k = 0; k < tiles.ColumnBytes(a); k++)
                    sum += product(tiles.Row(a, m)[k], tiles.Row(b, k / 4)[4 * n + k % 4]);
                ((int*)tiles.Row(c, m))[n] = sum;
            }
        }
        ClearOutside(tiles, c);
    };

    private static void ClearOutside(TileState tiles, int tile)
    {
        int bytes = tiles.ColumnBytes(tile);
        for (int row = 0; row < TileState.MaxRows; row++)
            new Span<byte>(tiles.Row(tile, row), TileState.RowBytes)[(row < tiles.Rows(tile) ? bytes : 0)..].Clear();
    }
}
