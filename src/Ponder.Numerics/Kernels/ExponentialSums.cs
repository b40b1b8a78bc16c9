namespace Ponder.Numerics.Kernels;

/// <summary>The parts of a softmax over a row that every token shares: sums of powers, block by block.</summary>
public static unsafe class ExponentialSums
{
    /// <summary>
    /// Sums e^d, and d e^d, over d = (x - shift) scale. What is below e^-87 of the largest counts as 0. The lanes are added in one order, so that
    /// every vector width gives the same bits where multiply-and-add rounds once.
    /// </summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="row">[n], without NaN and +infinity.</param>
    /// <param name="shift">The row's largest value.</param>
    /// <param name="scale">Above 0: one over the temperature.</param>
    /// <param name="sums">Receives the sum of e^d of each block, [<see cref="RowBlocks.Count"/>(n)]; or empty.</param>
    /// <returns>Both sums over the row.</returns>
    public static (double Sum, double Moment) Apply(VectorWidth width, ReadOnlySpan<float> row, float shift, float scale, Span<float> sums)
    {
        if (!sums.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfLessThan(sums.Length, RowBlocks.Count(row.Length), nameof(sums));
        var totals = stackalloc double[2];
        fixed (float* x = row, y = sums)
            VectorDispatch.Run(width, new Kernel(x, row.Length, shift, scale, y, totals));
        return (totals[0], totals[1]);
    }

    private readonly struct Kernel(float* x, int n, float shift, float scale, float* sums, double* totals) : IVectorKernel
    {
        private const int Lanes = 16;                           // of the widest vector; narrower ones take two or four accumulators

        private readonly float* _x = x;
        private readonly float* _sums = sums;
        private readonly double* _totals = totals;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            double total = 0, moments = 0;
            int blocks = RowBlocks.Count(n);
            float* padded = stackalloc float[RowBlocks.Size];
            for (int block = 0; block < blocks; block++)
            {
                float* x = _x + (nint)block * RowBlocks.Size;
                int left = n - block * RowBlocks.Size;
                if (left < RowBlocks.Size)
                {
                    new Span<float>(padded, RowBlocks.Size).Fill(float.NegativeInfinity);
                    new ReadOnlySpan<float>(x, left).CopyTo(new Span<float>(padded, RowBlocks.Size));
                    x = padded;
                }
                float sum = Block<TLanes, TVec>(x, out float moment);
                if (_sums != null)
                    _sums[block] = sum;
                total += sum;
                moments += moment;
            }
            _totals[0] = total;
            _totals[1] = moments;
        }

        private float Block<TLanes, TVec>(float* x, out float moment) where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var shifts = TLanes.Create(shift);
            var scales = TLanes.Create(scale);
            TVec s0 = TLanes.Zero, s1 = s0, s2 = s0, s3 = s0, m0 = s0, m1 = s0, m2 = s0, m3 = s0;
            for (int i = 0; i < RowBlocks.Size; i += Lanes)
            {
                Add<TLanes, TVec>(x + i, shifts, scales, ref s0, ref m0);
                if (TLanes.Count <= Lanes / 2)
                    Add<TLanes, TVec>(x + i + TLanes.Count, shifts, scales, ref s1, ref m1);
                if (TLanes.Count <= Lanes / 4)
                {
                    Add<TLanes, TVec>(x + i + 2 * TLanes.Count, shifts, scales, ref s2, ref m2);
                    Add<TLanes, TVec>(x + i + 3 * TLanes.Count, shifts, scales, ref s3, ref m3);
                }
            }
            if (TLanes.Count <= Lanes / 4)
            {
                (s0, s1) = (TLanes.Add(s0, s2), TLanes.Add(s1, s3));
                (m0, m1) = (TLanes.Add(m0, m2), TLanes.Add(m1, m3));
            }
            if (TLanes.Count <= Lanes / 2)
                (s0, m0) = (TLanes.Add(s0, s1), TLanes.Add(m0, m1));
            moment = TLanes.Sum(m0);
            return TLanes.Sum(s0);
        }

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]
        private static void Add<TLanes, TVec>(float* x, TVec shifts, TVec scales, ref TVec sum, ref TVec moment)
            where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var d = Exponential.Clip<TLanes, TVec>(TLanes.Multiply(TLanes.Subtract(TLanes.Load(x), shifts), scales));
            var power = Exponential.ExpOrZero<TLanes, TVec>(d);
            sum = TLanes.Add(sum, power);
            moment = TLanes.MultiplyAdd(d, power, moment);
        }

        public void Scalar()
        {
            double total = 0, moments = 0;
            for (int block = 0; block < RowBlocks.Count(n); block++)
            {
                int start = block * RowBlocks.Size, end = Math.Min(n - start, RowBlocks.Size) + start;
                double sum = 0;
                for (int i = start; i < end; i++)
                {
                    float d = (_x[i] - shift) * scale;
                    if (!(d > Exponential.Lowest))
                        continue;
                    double power = Math.Exp(d);
                    sum += power;
                    moments += d * power;
                }
                if (_sums != null)
                    _sums[block] = (float)sum;
                total += sum;
            }
            _totals[0] = total;
            _totals[1] = moments;
        }
    }
}
