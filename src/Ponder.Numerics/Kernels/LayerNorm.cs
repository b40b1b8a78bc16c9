namespace Ponder.Numerics.Kernels;

/// <summary>Layer normalisation (Ba et al., arXiv 1607.06450): y = (x - mean) / sqrt(variance + ε) * w + b.</summary>
public static unsafe class LayerNorm
{
    /// <summary>Normalises every row; <paramref name="y"/> may be <paramref name="x"/>.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="weight">[columns].</param>
    /// <param name="bias">[columns], or null for none.</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="y">Receives [rows, columns].</param>
    public static void Apply(VectorWidth width, float* x, int rows, int columns, float* weight, float* bias, float epsilon, float* y)
    {
        for (int row = 0; row < rows; row++)
            VectorDispatch.Run(width, new Row(x + (nint)row * columns, columns, weight, bias, epsilon, y + (nint)row * columns));
    }

    private readonly struct Row(float* x, int n, float* weight, float* bias, float epsilon, float* y) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _weight = weight;
        private readonly float* _bias = bias;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            TVec sums = TLanes.Zero;
            int i = 0;
            for (; i + TLanes.Count <= n; i += TLanes.Count)
                sums = TLanes.Add(sums, TLanes.Load(_x + i));
            float sum = TLanes.Sum(sums);
            for (; i < n; i++)
                sum += _x[i];
            float mean = sum / n;

            // A second pass over the deviations: the one-pass formula cancels where the mean is large.
            TVec means = TLanes.Create(mean), squares = TLanes.Zero;
            for (i = 0; i + TLanes.Count <= n; i += TLanes.Count)
            {
                var deviation = TLanes.Subtract(TLanes.Load(_x + i), means);
                squares = TLanes.MultiplyAdd(deviation, deviation, squares);
            }
            float variance = TLanes.Sum(squares);
            for (; i < n; i++)
                variance += (_x[i] - mean) * (_x[i] - mean);
            float scale = 1 / MathF.Sqrt(variance / n + epsilon);

            var scales = TLanes.Create(scale);
            for (i = 0; i + TLanes.Count <= n; i += TLanes.Count)
            {
                var normalised = TLanes.Multiply(TLanes.Subtract(TLanes.Load(_x + i), means), scales);
                var offset = _bias is null ? TLanes.Zero : TLanes.Load(_bias + i);
                TLanes.Store(TLanes.MultiplyAdd(normalised, TLanes.Load(_weight + i), offset), _y + i);
            }
            for (; i < n; i++)
                _y[i] = (_x[i] - mean) * scale * _weight[i] + (_bias is null ? 0 : _bias[i]);
        }

        public void Scalar()
        {
            double mean = 0, variance = 0;
            for (int i = 0; i < n; i++)
                mean += _x[i];
            mean /= n;
            for (int i = 0; i < n; i++)
                variance += (_x[i] - mean) * (_x[i] - mean);
            double scale = 1 / Math.Sqrt(variance / n + epsilon);
            for (int i = 0; i < n; i++)
                _y[i] = (float)((_x[i] - mean) * scale * _weight[i] + (_bias is null ? 0 : _bias[i]));
        }
    }
}
