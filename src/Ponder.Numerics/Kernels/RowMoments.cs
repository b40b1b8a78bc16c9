namespace Ponder.Numerics.Kernels;

/// <summary>Number, mean and spread of the finite values of a row.</summary>
public static unsafe class RowMoments
{
    /// <summary>Finds them; -infinity does not count.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="row">[n], without NaN and +infinity, with one finite value at least.</param>
    /// <param name="shift">A value near the others, such as the largest: what is summed is the distance from it.</param>
    /// <returns>How many are finite, their mean, and the standard deviation of the population.</returns>
    public static (int Count, double Mean, double Deviation) Apply(VectorWidth width, ReadOnlySpan<float> row, float shift)
    {
        var totals = stackalloc double[3];
        fixed (float* x = row)
            VectorDispatch.Run(width, new Kernel(x, row.Length, shift, totals));
        double mean = totals[1] / totals[0];
        return ((int)totals[0], shift + mean, Math.Sqrt(Math.Max(0, totals[2] / totals[0] - mean * mean)));
    }

    private readonly struct Kernel(float* x, int n, float shift, double* totals) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly double* _totals = totals;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var shifts = TLanes.Create(shift);
            var lowest = TLanes.Create(float.MinValue);
            var one = TLanes.Create(1);
            int i = 0;
            while (i + TLanes.Count <= n)
            {
                TVec counts = TLanes.Zero, sums = counts, squares = counts;
                int end = Math.Min(n, i + RowBlocks.Size);
                for (; i + TLanes.Count <= end; i += TLanes.Count)
                {
                    var x = TLanes.Load(_x + i);
                    uint finite = TLanes.AtLeast(x, lowest);
                    var d = TLanes.Keep(TLanes.Subtract(x, shifts), finite);
                    counts = TLanes.Add(counts, TLanes.Keep(one, finite));
                    sums = TLanes.Add(sums, d);
                    squares = TLanes.MultiplyAdd(d, d, squares);
                }
                _totals[0] += TLanes.Sum(counts);
                _totals[1] += TLanes.Sum(sums);
                _totals[2] += TLanes.Sum(squares);
            }
            Plain(i);
        }

        public void Scalar() => Plain(0);

        private void Plain(int start)
        {
            for (int i = start; i < n; i++)
            {
                if (_x[i] < float.MinValue)
                    continue;
                double d = (double)_x[i] - shift;
                _totals[0]++;
                _totals[1] += d;
                _totals[2] += d * d;
            }
        }
    }
}
