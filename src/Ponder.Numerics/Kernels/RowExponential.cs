namespace Ponder.Numerics.Kernels;

/// <summary>The powers of single logits, as <see cref="ExponentialSums"/> sums them.</summary>
public static unsafe class RowExponential
{
    /// <summary>y = e^((x - shift) scale), 0 where that is below e^-87; <paramref name="y"/> may be <paramref name="x"/>.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="x">[n], at most <paramref name="shift"/>, without NaN.</param>
    /// <param name="shift">The largest value.</param>
    /// <param name="scale">Above 0: one over the temperature.</param>
    /// <param name="y">Receives [n].</param>
    public static void Apply(VectorWidth width, ReadOnlySpan<float> x, float shift, float scale, Span<float> y)
    {
        fixed (float* source = x, target = y[..x.Length])
            VectorDispatch.Run(width, new Kernel(source, x.Length, shift, scale, target));
    }

    private readonly struct Kernel(float* x, int n, float shift, float scale, float* y) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            int i = 0;
            for (; i + TLanes.Count <= n; i += TLanes.Count)
                Step<TLanes, TVec>(_x + i, _y + i);
            if (i == n)
                return;
            float* padded = stackalloc float[TLanes.Count];
            new Span<float>(padded, TLanes.Count).Fill(float.NegativeInfinity);
            new ReadOnlySpan<float>(_x + i, n - i).CopyTo(new Span<float>(padded, TLanes.Count));
            Step<TLanes, TVec>(padded, padded);
            new ReadOnlySpan<float>(padded, n - i).CopyTo(new Span<float>(_y + i, n - i));
        }

        private void Step<TLanes, TVec>(float* x, float* y) where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var d = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x), TLanes.Create(shift)), TLanes.Create(scale));
            TLanes.Store(Exponential.ExpOrZero<TLanes, TVec>(Exponential.Clip<TLanes, TVec>(d)), y);
        }

        public void Scalar()
        {
            for (int i = 0; i < n; i++)
            {
                float d = (_x[i] - shift) * scale;
                _y[i] = d > Exponential.Lowest ? (float)Math.Exp(d) : 0;
            }
        }
    }
}
