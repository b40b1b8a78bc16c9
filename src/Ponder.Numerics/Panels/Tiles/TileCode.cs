using System.Runtime.InteropServices;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ponder.Numerics.Panels.Tiles;

/// <summary>What the tile kernels have in common: where things are in registers, and the products of one step.</summary>
internal static class TileCode
{
    /// <summary>The eight tiles.</summary>
    public static readonly AssemblerRegisterTMM[] Tiles = [tmm0, tmm1, tmm2, tmm3, tmm4, tmm5, tmm6, tmm7];

    /// <summary>Panel, group to decode, B tile that it goes to.</summary>
    public static AssemblerRegister64 Panel => rsi;

    /// <inheritdoc cref="Panel"/>
    public static AssemblerRegister64 Group => rbx;

    /// <inheritdoc cref="Panel"/>
    public static AssemblerRegister64 Decoded => rdx;

    /// <summary>Activations and B tiles of the step, and sums.</summary>
    public static AssemblerRegister64 Rows => r8;

    /// <inheritdoc cref="Rows"/>
    public static AssemblerRegister64 Weights => r9;

    /// <inheritdoc cref="Rows"/>
    public static AssemblerRegister64 Sums => r10;

    /// <summary>Bytes from a row of activations to the next, and from a row of any other tile.</summary>
    public static AssemblerRegister64 RowStride => r11;

    /// <inheritdoc cref="RowStride"/>
    public static AssemblerRegister64 LineStride => r12;

    /// <summary>An argument.</summary>
    public static AssemblerMemoryOperand Argument(string field) => __[rdi + (long)Marshal.OffsetOf<TileArguments>(field)];

    /// <summary>Configures the tiles and loads the strides.</summary>
    public static void Begin(Assembler c, nint rowBytes)
    {
        c.ldtilecfg(Argument(nameof(TileArguments.Configuration)));
        c.mov(RowStride, rowBytes);
        c.mov(LineStride, TileFormat.RowBytes);
    }

    /// <summary>One step of K: the sums of all row tiles and panels.</summary>
    /// <param name="c">The code.</param>
    /// <param name="shape">Row tiles and panels.</param>
    /// <param name="rowBytes">Bytes of a row of activations.</param>
    /// <param name="panelBytes">Bytes from a panel's B tile to the next panel's.</param>
    public static void Step(Assembler c, TileShape shape, nint rowBytes, long panelBytes)
    {
        for (int r = 0; r < shape.RowTiles; r++)
        {
            c.tileloadd(Tiles[4 + r], __[Rows + RowStride + r * TileFormat.Rows * rowBytes]);
            for (int p = 0; p < shape.Panels; p++)
            {
                if (r == 0)
                    c.tileloadd(Tiles[6 + p], __[Weights + LineStride + p * panelBytes]);
                c.tdpbf16ps(Tiles[2 * r + p], Tiles[4 + r], Tiles[6 + p]);
            }
        }
    }

    /// <summary>Does something with the tile of sums of each row tile and panel.</summary>
    public static void ForSums(TileShape shape, Action<AssemblerRegisterTMM, AssemblerMemoryOperand> action)
    {
        for (int r = 0; r < shape.RowTiles; r++)
        {
            for (int p = 0; p < shape.Panels; p++)
                action(Tiles[2 * r + p], __[Sums + LineStride + p * TileBlocking.SumBytes + r * TileFormat.Bytes]);
        }
    }
}

/// <summary>What a kernel multiplies at a time.</summary>
/// <param name="RowTiles">1 for up to 16 rows, 2 for up to 32.</param>
/// <param name="Panels">1 or 2.</param>
internal readonly record struct TileShape(int RowTiles, int Panels);
