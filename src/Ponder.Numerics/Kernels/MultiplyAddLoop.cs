namespace Ponder.Numerics.Kernels;

/// <summary>Nothing but multiply-adds of float32 in registers: the most that kernels of a vector width can compute.</summary>
public static class MultiplyAddLoop
{
    // Independent sums: two units of four cycles each need eight, and sixteen registers hold these with the two constants.
    private const int Sums = 12;

    /// <summary>Runs the loop.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="steps">Passes, each of twelve multiply-adds.</param>
    /// <param name="result">A sum that keeps the work from being left out.</param>
    /// <returns>Floating-point operations: two for each value of each multiply-add.</returns>
    public static unsafe double Run(VectorWidth width, int steps, out float result)
    {
        float sum = 0;
        int lanes = 0;
        VectorDispatch.Run(width, new Loop(steps, &sum, &lanes));
        result = sum;
        return 2.0 * Sums * steps * lanes;
    }

    private readonly unsafe struct Loop(int steps, float* sum, int* lanes) : IVectorKernel
    {
        private readonly float* _sum = sum;
        private readonly int* _lanes = lanes;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            TVec factor = TLanes.Create(0.5f), term = TLanes.Create(1);     // every sum goes to 2
            TVec a = TLanes.Zero, b = a, c = a, d = a, e = a, f = a, g = a, h = a, i = a, j = a, k = a, l = a;
            for (int step = 0; step < steps; step++)
            {
                a = TLanes.MultiplyAdd(a, factor, term);
                b = TLanes.MultiplyAdd(b, factor, term);
                c = TLanes.MultiplyAdd(c, factor, term);
                d = TLanes.MultiplyAdd(d, factor, term);
                e = TLanes.MultiplyAdd(e, factor, term);
                f = TLanes.MultiplyAdd(f, factor, term);
                g = TLanes.MultiplyAdd(g, factor, term);
                h = TLanes.MultiplyAdd(h, factor, term);
                i = TLanes.MultiplyAdd(i, factor, term);
                j = TLanes.MultiplyAdd(j, factor, term);
                k = TLanes.MultiplyAdd(k, factor, term);
                l = TLanes.MultiplyAdd(l, factor, term);
            }
            TVec low = TLanes.Add(TLanes.Add(TLanes.Add(a, b), TLanes.Add(c, d)), TLanes.Add(e, f));
            TVec high = TLanes.Add(TLanes.Add(TLanes.Add(g, h), TLanes.Add(i, j)), TLanes.Add(k, l));
            *_sum = TLanes.Sum(TLanes.Add(low, high));
            *_lanes = TLanes.Count;
        }

        public void Scalar()
        {
            float* sums = stackalloc float[Sums];
            new Span<float>(sums, Sums).Clear();
            for (int step = 0; step < steps; step++)
            {
                for (int i = 0; i < Sums; i++)
                    sums[i] = sums[i] * 0.5f + 1;
            }
            for (int i = 0; i < Sums; i++)
                *_sum += sums[i];
            *_lanes = 1;
        }
    }
}
