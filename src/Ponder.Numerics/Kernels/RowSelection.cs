using System.Numerics;

namespace Ponder.Numerics.Kernels;

/// <summary>Where the large values of a row are.</summary>
public static unsafe class RowSelection
{
    /// <summary>Lists the places of all values that are at least <paramref name="floor"/>, in rising order.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="row">[n].</param>
    /// <param name="maxima">What <see cref="BlockMaxima"/> says of the row: blocks below the floor are not looked at.</param>
    /// <param name="floor">Not NaN.</param>
    /// <param name="places">Receives the places, [n].</param>
    /// <returns>How many there are.</returns>
    public static int AtLeast(VectorWidth width, ReadOnlySpan<float> row, ReadOnlySpan<float> maxima, float floor, Span<int> places)
    {
        int count = 0;
        fixed (float* x = row, m = maxima[..RowBlocks.Count(row.Length)])
        fixed (int* y = places[..row.Length])
            VectorDispatch.Run(width, new Lister(x, row.Length, m, floor, y, &count));
        return count;
    }

    /// <summary>How many values are at least <paramref name="floor"/>.</summary>
    /// <inheritdoc cref="AtLeast"/>
    public static int Count(VectorWidth width, ReadOnlySpan<float> row, ReadOnlySpan<float> maxima, float floor)
    {
        int count = 0;
        fixed (float* x = row, m = maxima[..RowBlocks.Count(row.Length)])
            VectorDispatch.Run(width, new Counter(x, row.Length, m, floor, &count));
        return count;
    }

    /// <summary>Sets all values below <paramref name="floor"/> to -infinity.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="row">[n], without NaN.</param>
    /// <param name="floor">Not NaN.</param>
    public static void ForbidBelow(VectorWidth width, Span<float> row, float floor)
    {
        fixed (float* x = row)
            VectorDispatch.Run(width, new Forbid(x, row.Length, floor));
    }

    private readonly struct Counter(float* x, int n, float* maxima, float floor, int* total) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _maxima = maxima;
        private readonly int* _total = total;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var floors = TLanes.Create(floor);
            int count = 0;
            for (int block = 0; block < RowBlocks.Count(n); block++)
            {
                if (_maxima[block] < floor)
                    continue;
                int i = block * RowBlocks.Size, end = i + Math.Min(n - i, RowBlocks.Size);
                for (; i + TLanes.Count <= end; i += TLanes.Count)
                    count += BitOperations.PopCount(TLanes.AtLeast(TLanes.Load(_x + i), floors));
                Plain(i, end, ref count);
            }
            *_total = count;
        }

        public void Scalar()
        {
            int count = 0;
            Plain(0, n, ref count);
            *_total = count;
        }

        private void Plain(int start, int end, ref int count)
        {
            for (int i = start; i < end; i++)
                count += _x[i] >= floor ? 1 : 0;
        }
    }

    private readonly struct Forbid(float* x, int n, float floor) : IVectorKernel
    {
        private readonly float* _x = x;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var floors = TLanes.Create(floor);
            var nothing = TLanes.Create(float.NegativeInfinity);
            int i = 0;
            for (; i + TLanes.Count <= n; i += TLanes.Count)
            {
                var x = TLanes.Load(_x + i);
                TLanes.Store(TLanes.Select(TLanes.AtLeast(x, floors), x, nothing), _x + i);
            }
            Plain(i);
        }

        public void Scalar() => Plain(0);

        private void Plain(int start)
        {
            for (int i = start; i < n; i++)
            {
                if (_x[i] < floor)
                    _x[i] = float.NegativeInfinity;
            }
        }
    }

    private readonly struct Lister(float* x, int n, float* maxima, float floor, int* places, int* total) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _maxima = maxima;
        private readonly int* _places = places;
        private readonly int* _total = total;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var floors = TLanes.Create(floor);
            int count = 0;
            for (int block = 0; block < RowBlocks.Count(n); block++)
            {
                if (_maxima[block] < floor)
                    continue;
                int i = block * RowBlocks.Size, end = i + Math.Min(n - i, RowBlocks.Size);
                for (; i + TLanes.Count <= end; i += TLanes.Count)
                {
                    for (uint bits = TLanes.AtLeast(TLanes.Load(_x + i), floors); bits != 0; bits &= bits - 1)
                        _places[count++] = i + BitOperations.TrailingZeroCount(bits);
                }
                Plain(i, end, ref count);
            }
            *_total = count;
        }

        public void Scalar()
        {
            int count = 0;
            Plain(0, n, ref count);
            *_total = count;
        }

        private void Plain(int start, int end, ref int count)
        {
            for (int i = start; i < end; i++)
            {
                if (_x[i] >= floor)
                    _places[count++] = i;
            }
        }
    }
}
