namespace Ponder.Numerics.Kernels;

/// <summary>Root-mean-square normalisation (Zhang and Sennrich, arXiv 1910.07467): y = x / sqrt(mean(x²) + ε) * w.</summary>
public static unsafe class RmsNorm
{
    /// <summary>Normalises every row; <paramref name="y"/> may be <paramref name="x"/>.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="x">[rows, columns].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="weight">[columns].</param>
    /// <param name="epsilon">ε, above 0.</param>
    /// <param name="y">Receives [rows, columns].</param>
    public static void Apply(VectorWidth width, float* x, int rows, int columns, float* weight, float epsilon, float* y)
    {
        for (int row = 0; row < rows; row++)
            VectorDispatch.Run(width, new Row(x + (nint)row * columns, columns, weight, epsilon, y + (nint)row * columns));
    }

    private readonly struct Row(float* x, int n, float* weight, float epsilon, float* y) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _weight = weight;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            TVec squares = TLanes.Zero;
            int i = 0;
            for (; i + TLanes.Count <= n; i += TLanes.Count)
            {
                var v = TLanes.Load(_x + i);
                squares = TLanes.MultiplyAdd(v, v, squares);
            }
            float sum = TLanes.Sum(squares);
            for (; i < n; i++)
                sum += _x[i] * _x[i];
            float scale = 1 / MathF.Sqrt(sum / n + epsilon);
            var scales = TLanes.Create(scale);
            for (i = 0; i + TLanes.Count <= n; i += TLanes.Count)
                TLanes.Store(TLanes.Multiply(TLanes.Multiply(TLanes.Load(_x + i), scales), TLanes.Load(_weight + i)), _y + i);
            for (; i < n; i++)
                _y[i] = _x[i] * scale * _weight[i];
        }

        public void Scalar()
        {
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += (double)_x[i] * _x[i];
            float scale = (float)(1 / Math.Sqrt(sum / n + epsilon));
            for (int i = 0; i < n; i++)
                _y[i] = _x[i] * scale * _weight[i];
        }
    }
}
