using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Ponder.Numerics.Kernels;

/// <summary>
/// Dot products of a few rows with a few rows, blocked in registers. Each product is one vector accumulator that runs over K in order,
/// a fixed horizontal sum, then the tail: its value does not depend on which tile computed it, so a row's result never depends on
/// its company.
/// </summary>
internal static unsafe class DotTile
{
    /// <summary>y[j, i] = sum over k of w[i, k] * x[j, k], for all i and j.</summary>
    /// <param name="w">[m, k], contiguous.</param>
    /// <param name="m">Rows of w.</param>
    /// <param name="x">[n, k], contiguous.</param>
    /// <param name="n">Rows of x.</param>
    /// <param name="k">Columns of both.</param>
    /// <param name="y">[n, m] with <paramref name="stride"/> values from row to row.</param>
    /// <param name="stride">Values from a row of y to the next.</param>
    public static void Product<TLanes, TVec>(float* w, int m, float* x, int n, int k, float* y, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int j = 0;
        if (TLanes.Count >= 16)                                 // 16 accumulators fit the 32 registers of AVX-512 only
        {
            for (; j + 4 <= n; j += 4)
                Rows<TLanes, TVec>(w, m, x + (nint)j * k, 4, k, y + j * stride, stride);
        }
        for (; j + 2 <= n; j += 2)
            Rows<TLanes, TVec>(w, m, x + (nint)j * k, 2, k, y + j * stride, stride);
        if (j < n)
            Rows<TLanes, TVec>(w, m, x + (nint)j * k, 1, k, y + j * stride, stride);
    }

    /// <summary>The reference: the same products with scalar code.</summary>
    public static void ProductScalar(float* w, int m, float* x, int n, int k, float* y, nint stride)
    {
        for (int j = 0; j < n; j++)
        {
            for (int i = 0; i < m; i++)
            {
                float sum = 0;
                for (int c = 0; c < k; c++)
                    sum += w[(nint)i * k + c] * x[(nint)j * k + c];
                y[j * stride + i] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows<TLanes, TVec>(float* w, int m, float* x, int n, int k, float* y, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        int i = 0;
        for (; i + 4 <= m; i += 4)
        {
            if (n == 4) Tile4x4<TLanes, TVec>(w + (nint)i * k, x, k, y + i, stride);
            else if (n == 2) Tile4x2<TLanes, TVec>(w + (nint)i * k, x, k, y + i, stride);
            else Tile4x1<TLanes, TVec>(w + (nint)i * k, x, k, y + i);
        }
        for (; i < m; i++)
        {
            for (int j = 0; j < n; j++)
                y[j * stride + i] = Dot<TLanes, TVec>(w + (nint)i * k, x + (nint)j * k, k);
        }
    }

    private static void Tile4x4<TLanes, TVec>(float* w, float* x, int k, float* y, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        TVec a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
        TVec a10 = TLanes.Zero, a11 = TLanes.Zero, a12 = TLanes.Zero, a13 = TLanes.Zero;
        TVec a20 = TLanes.Zero, a21 = TLanes.Zero, a22 = TLanes.Zero, a23 = TLanes.Zero;
        TVec a30 = TLanes.Zero, a31 = TLanes.Zero, a32 = TLanes.Zero, a33 = TLanes.Zero;
        float* w1 = w + k, w2 = w1 + k, w3 = w2 + k;
        float* x1 = x + k, x2 = x1 + k, x3 = x2 + k;
        int c = 0;
        for (; c + TLanes.Count <= k; c += TLanes.Count)
        {
            TVec v0 = TLanes.Load(w + c), v1 = TLanes.Load(w1 + c), v2 = TLanes.Load(w2 + c), v3 = TLanes.Load(w3 + c);
            TVec u = TLanes.Load(x + c);
            a00 = TLanes.MultiplyAdd(v0, u, a00); a01 = TLanes.MultiplyAdd(v1, u, a01);
            a02 = TLanes.MultiplyAdd(v2, u, a02); a03 = TLanes.MultiplyAdd(v3, u, a03);
            u = TLanes.Load(x1 + c);
            a10 = TLanes.MultiplyAdd(v0, u, a10); a11 = TLanes.MultiplyAdd(v1, u, a11);
            a12 = TLanes.MultiplyAdd(v2, u, a12); a13 = TLanes.MultiplyAdd(v3, u, a13);
            u = TLanes.Load(x2 + c);
            a20 = TLanes.MultiplyAdd(v0, u, a20); a21 = TLanes.MultiplyAdd(v1, u, a21);
            a22 = TLanes.MultiplyAdd(v2, u, a22); a23 = TLanes.MultiplyAdd(v3, u, a23);
            u = TLanes.Load(x3 + c);
            a30 = TLanes.MultiplyAdd(v0, u, a30); a31 = TLanes.MultiplyAdd(v1, u, a31);
            a32 = TLanes.MultiplyAdd(v2, u, a32); a33 = TLanes.MultiplyAdd(v3, u, a33);
        }
        Finish<TLanes, TVec>(a00, a01, a02, a03, w, x, c, k, y);
        Finish<TLanes, TVec>(a10, a11, a12, a13, w, x1, c, k, y + stride);
        Finish<TLanes, TVec>(a20, a21, a22, a23, w, x2, c, k, y + 2 * stride);
        Finish<TLanes, TVec>(a30, a31, a32, a33, w, x3, c, k, y + 3 * stride);
    }

    private static void Tile4x2<TLanes, TVec>(float* w, float* x, int k, float* y, nint stride)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        TVec a00 = TLanes.Zero, a01 = TLanes.Zero, a02 = TLanes.Zero, a03 = TLanes.Zero;
        TVec a10 = TLanes.Zero, a11 = TLanes.Zero, a12 = TLanes.Zero, a13 = TLanes.Zero;
        float* w1 = w + k, w2 = w1 + k, w3 = w2 + k, x1 = x + k;
        int c = 0;
        for (; c + TLanes.Count <= k; c += TLanes.Count)
        {
            TVec u0 = TLanes.Load(x + c), u1 = TLanes.Load(x1 + c);
            TVec v = TLanes.Load(w + c);
            a00 = TLanes.MultiplyAdd(v, u0, a00); a10 = TLanes.MultiplyAdd(v, u1, a10);
            v = TLanes.Load(w1 + c);
            a01 = TLanes.MultiplyAdd(v, u0, a01); a11 = TLanes.MultiplyAdd(v, u1, a11);
            v = TLanes.Load(w2 + c);
            a02 = TLanes.MultiplyAdd(v, u0, a02); a12 = TLanes.MultiplyAdd(v, u1, a12);
            v = TLanes.Load(w3 + c);
            a03 = TLanes.MultiplyAdd(v, u0, a03); a13 = TLanes.MultiplyAdd(v, u1, a13);
        }
        Finish<TLanes, TVec>(a00, a01, a02, a03, w, x, c, k, y);
        Finish<TLanes, TVec>(a10, a11, a12, a13, w, x1, c, k, y + stride);
    }

    private static void Tile4x1<TLanes, TVec>(float* w, float* x, int k, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        TVec a0 = TLanes.Zero, a1 = TLanes.Zero, a2 = TLanes.Zero, a3 = TLanes.Zero;
        float* w1 = w + k, w2 = w1 + k, w3 = w2 + k;
        int c = 0;
        for (; c + TLanes.Count <= k; c += TLanes.Count)
        {
            TVec u = TLanes.Load(x + c);
            a0 = TLanes.MultiplyAdd(TLanes.Load(w + c), u, a0);
            a1 = TLanes.MultiplyAdd(TLanes.Load(w1 + c), u, a1);
            a2 = TLanes.MultiplyAdd(TLanes.Load(w2 + c), u, a2);
            a3 = TLanes.MultiplyAdd(TLanes.Load(w3 + c), u, a3);
        }
        Finish<TLanes, TVec>(a0, a1, a2, a3, w, x, c, k, y);
    }

    private static float Dot<TLanes, TVec>(float* w, float* x, int k)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        TVec sum = TLanes.Zero;
        int c = 0;
        for (; c + TLanes.Count <= k; c += TLanes.Count)
            sum = TLanes.MultiplyAdd(TLanes.Load(w + c), TLanes.Load(x + c), sum);
        return c == k ? TLanes.Sum(sum) : TLanes.Sum(sum) + Tail(w, x, c, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TLanes, TVec>(TVec a0, TVec a1, TVec a2, TVec a3, float* w, float* x, int c, int k, float* y)
        where TLanes : struct, ILanes<TVec>
        where TVec : struct
    {
        TLanes.Sum4(a0, a1, a2, a3).Store(y);
        if (c == k)
            return;
        for (int i = 0; i < 4; i++)
            y[i] += Tail(w + i * (nint)k, x, c, k);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Tail(float* w, float* x, int c, int k)
    {
        float sum = 0;
        for (; c < k; c++)
            sum = MathF.FusedMultiplyAdd(w[c], x[c], sum);
        return sum;
    }
}
