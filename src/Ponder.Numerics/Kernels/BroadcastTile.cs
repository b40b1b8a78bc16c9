using System.Runtime.CompilerServices;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// Products of some rows with a panel whose rows are contiguous: each sum is one lane that runs over the panel's rows in order, so that there are
/// no horizontal sums and a value does not depend on the tile that computed it. Blocked in registers, 4 rows by 4 vectors where 32 registers are.
/// </summary>
internal static unsafe class BroadcastTile
{
    /// <summary>y[j, i] = sum over k of x[j, k] * panel[k, i], added to what y holds if <paramref name="add"/>.</summary>
    /// <param name="x">[rows, depth].</param>
    /// <param name="xStride">Values from a row of x to the next.</param>
    /// <param name="rows">Rows of x and y.</param>
    /// <param name="panel">[depth, columns].</param>
    /// <param name="panelStride">Values from a row of the panel to the next.</param>
    /// <param name="depth">Columns of x, rows of the panel.</param>
    /// <param name="columns">Columns of the panel and of y, a multiple of 16.</param>
    /// <param name="y">[rows, columns].</param>
    /// <param name="yStride">Values from a row of y to the next.</param>
    /// <param name="add">True to add to y, false to replace it.</param>
    public static void Multiply<TLanes, TVec>(
        float* x, nint xStride, int rows, float* panel, nint panelStride, int depth, int columns, float* y, nint yStride, bool add)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int vectors = TLanes.Count >= 16 ? 4 : 2;               // with 16 registers, 8 accumulators are what fits
        int column = 0;
        for (; column + vectors * TLanes.Count <= columns; column += vectors * TLanes.Count)
        {
            if (vectors == 4)
                Strip<TLanes, TVec, Four>(x, xStride, rows, panel + column, panelStride, depth, y + column, yStride, add);
            else
                Strip<TLanes, TVec, Two>(x, xStride, rows, panel + column, panelStride, depth, y + column, yStride, add);
        }
        switch ((columns - column) / TLanes.Count)
        {
            case 1: Strip<TLanes, TVec, One>(x, xStride, rows, panel + column, panelStride, depth, y + column, yStride, add); break;
            case 2: Strip<TLanes, TVec, Two>(x, xStride, rows, panel + column, panelStride, depth, y + column, yStride, add); break;
            case 3: Strip<TLanes, TVec, Three>(x, xStride, rows, panel + column, panelStride, depth, y + column, yStride, add); break;
        }
    }

    private static void Strip<TLanes, TVec, TVectors>(
        float* x, nint xStride, int rows, float* panel, nint panelStride, int depth, float* y, nint yStride, bool add)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TVectors : struct, ICount
    {
        int row = 0;
        for (; row + 4 <= rows; row += 4)
            Tile<TLanes, TVec, Four, TVectors>(x + row * xStride, xStride, panel, panelStride, depth, y + row * yStride, yStride, add);
        x += row * xStride;
        y += row * yStride;
        switch (rows - row)
        {
            case 1: Tile<TLanes, TVec, One, TVectors>(x, xStride, panel, panelStride, depth, y, yStride, add); break;
            case 2: Tile<TLanes, TVec, Two, TVectors>(x, xStride, panel, panelStride, depth, y, yStride, add); break;
            case 3: Tile<TLanes, TVec, Three, TVectors>(x, xStride, panel, panelStride, depth, y, yStride, add); break;
        }
    }

    /// <summary>One tile; the JIT compiles it for each shape and drops the accumulators that the shape lacks.</summary>
    private static void Tile<TLanes, TVec, TRows, TVectors>(
        float* x, nint xStride, float* panel, nint panelStride, int depth, float* y, nint yStride, bool add)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TRows : struct, ICount
        where TVectors : struct, ICount
    {
        TVec a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
        TVec a10 = TLanes.Zero, a11 = TLanes.Zero, a12 = TLanes.Zero, a13 = TLanes.Zero;
        TVec a20 = TLanes.Zero, a21 = TLanes.Zero, a22 = TLanes.Zero, a23 = TLanes.Zero;
        TVec a30 = TLanes.Zero, a31 = TLanes.Zero, a32 = TLanes.Zero, a33 = TLanes.Zero;
        float* y1 = y + yStride, y2 = y1 + yStride, y3 = y2 + yStride;
        if (add)
        {
            Load<TLanes, TVec, TVectors>(y, ref a00, ref a01, ref a02, ref a03);
            if (TRows.Value > 1) Load<TLanes, TVec, TVectors>(y1, ref a10, ref a11, ref a12, ref a13);
            if (TRows.Value > 2) Load<TLanes, TVec, TVectors>(y2, ref a20, ref a21, ref a22, ref a23);
            if (TRows.Value > 3) Load<TLanes, TVec, TVectors>(y3, ref a30, ref a31, ref a32, ref a33);
        }
        float* x1 = x + xStride, x2 = x1 + xStride, x3 = x2 + xStride;
        for (nint k = 0; k < depth; k++, panel += panelStride)
        {
            var b0 = TLanes.Load(panel);
            var b1 = TVectors.Value > 1 ? TLanes.Load(panel + TLanes.Count) : default;
            var b2 = TVectors.Value > 2 ? TLanes.Load(panel + 2 * TLanes.Count) : default;
            var b3 = TVectors.Value > 3 ? TLanes.Load(panel + 3 * TLanes.Count) : default;
            var u = TLanes.Create(x[k]);
            a00 = TLanes.MultiplyAdd(b0, u, a00);
            if (TVectors.Value > 1) a01 = TLanes.MultiplyAdd(b1, u, a01);
            if (TVectors.Value > 2) a02 = TLanes.MultiplyAdd(b2, u, a02);
            if (TVectors.Value > 3) a03 = TLanes.MultiplyAdd(b3, u, a03);
            if (TRows.Value > 1)
            {
                u = TLanes.Create(x1[k]);
                a10 = TLanes.MultiplyAdd(b0, u, a10);
                if (TVectors.Value > 1) a11 = TLanes.MultiplyAdd(b1, u, a11);
                if (TVectors.Value > 2) a12 = TLanes.MultiplyAdd(b2, u, a12);
                if (TVectors.Value > 3) a13 = TLanes.MultiplyAdd(b3, u, a13);
            }
            if (TRows.Value > 2)
            {
                u = TLanes.Create(x2[k]);
                a20 = TLanes.MultiplyAdd(b0, u, a20);
                if (TVectors.Value > 1) a21 = TLanes.MultiplyAdd(b1, u, a21);
                if (TVectors.Value > 2) a22 = TLanes.MultiplyAdd(b2, u, a22);
                if (TVectors.Value > 3) a23 = TLanes.MultiplyAdd(b3, u, a23);
            }
            if (TRows.Value > 3)
            {
                u = TLanes.Create(x3[k]);
                a30 = TLanes.MultiplyAdd(b0, u, a30);
                if (TVectors.Value > 1) a31 = TLanes.MultiplyAdd(b1, u, a31);
                if (TVectors.Value > 2) a32 = TLanes.MultiplyAdd(b2, u, a32);
                if (TVectors.Value > 3) a33 = TLanes.MultiplyAdd(b3, u, a33);
            }
        }
        Store<TLanes, TVec, TVectors>(y, a00, a01, a02, a03);
        if (TRows.Value > 1) Store<TLanes, TVec, TVectors>(y1, a10, a11, a12, a13);
        if (TRows.Value > 2) Store<TLanes, TVec, TVectors>(y2, a20, a21, a22, a23);
        if (TRows.Value > 3) Store<TLanes, TVec, TVectors>(y3, a30, a31, a32, a33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TLanes, TVec, TVectors>(float* y, ref TVec a0, ref TVec a1, ref TVec a2, ref TVec a3)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TVectors : struct, ICount
    {
        a0 = TLanes.Load(y);
        if (TVectors.Value > 1) a1 = TLanes.Load(y + TLanes.Count);
        if (TVectors.Value > 2) a2 = TLanes.Load(y + 2 * TLanes.Count);
        if (TVectors.Value > 3) a3 = TLanes.Load(y + 3 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TLanes, TVec, TVectors>(float* y, TVec a0, TVec a1, TVec a2, TVec a3)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
        where TVectors : struct, ICount
    {
        TLanes.Store(a0, y);
        if (TVectors.Value > 1) TLanes.Store(a1, y + TLanes.Count);
        if (TVectors.Value > 2) TLanes.Store(a2, y + 2 * TLanes.Count);
        if (TVectors.Value > 3) TLanes.Store(a3, y + 3 * TLanes.Count);
    }

    /// <summary>A number that the JIT knows.</summary>
    private interface ICount
    {
        static abstract int Value { get; }
    }

    private readonly struct One : ICount
    {
        public static int Value => 1;
    }

    private readonly struct Two : ICount
    {
        public static int Value => 2;
    }

    private readonly struct Three : ICount
    {
        public static int Value => 3;
    }

    private readonly struct Four : ICount
    {
        public static int Value => 4;
    }
}
