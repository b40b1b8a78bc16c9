namespace Ponder.Numerics.Kernels;

/// <summary>y += x, the residual of a layer.</summary>
public static unsafe class VectorAdd
{
    /// <summary>Adds <paramref name="count"/> values of <paramref name="x"/> to <paramref name="y"/>.</summary>
    public static void Apply(VectorWidth width, float* x, long count, float* y) => VectorDispatch.Run(width, new Kernel(x, count, y));

    private readonly struct Kernel(float* x, long count, float* y) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            long i = 0;
            for (; i + TLanes.Count <= count; i += TLanes.Count)
                TLanes.Store(TLanes.Add(TLanes.Load(_y + i), TLanes.Load(_x + i)), _y + i);
            for (; i < count; i++)
                _y[i] += _x[i];
        }

        public void Scalar()
        {
            for (long i = 0; i < count; i++)
                _y[i] += _x[i];
        }
    }
}
