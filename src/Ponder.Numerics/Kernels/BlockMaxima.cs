namespace Ponder.Numerics.Kernels;

/// <summary>The largest value of every block of a row.</summary>
public static unsafe class BlockMaxima
{
    /// <summary>Finds them.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="row">[n].</param>
    /// <param name="maxima">Receives [<see cref="RowBlocks.Count"/>(n)]; NaN for a block that holds one.</param>
    public static void Apply(VectorWidth width, ReadOnlySpan<float> row, Span<float> maxima)
    {
        fixed (float* x = row, y = maxima[..RowBlocks.Count(row.Length)])
            VectorDispatch.Run(width, new Kernel(x, row.Length, y));
    }

    private readonly struct Kernel(float* x, int n, float* maxima) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _maxima = maxima;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            int whole = n / RowBlocks.Size;
            for (int block = 0; block < whole; block++)
            {
                float* x = _x + (nint)block * RowBlocks.Size;
                var a = TLanes.Load(x);
                var b = TLanes.Load(x + TLanes.Count);
                for (int i = 2 * TLanes.Count; i < RowBlocks.Size; i += 2 * TLanes.Count)
                {
                    a = TLanes.Max(a, TLanes.Load(x + i));
                    b = TLanes.Max(b, TLanes.Load(x + i + TLanes.Count));
                }
                _maxima[block] = TLanes.MaxOf(TLanes.Max(a, b));
            }
            Plain(whole);
        }

        public void Scalar() => Plain(0);

        private void Plain(int firstBlock)
        {
            for (int block = firstBlock; block < RowBlocks.Count(n); block++)
            {
                int start = block * RowBlocks.Size, end = Math.Min(n - start, RowBlocks.Size) + start;
                float largest = float.NegativeInfinity;
                for (int i = start; i < end; i++)
                    largest = MathF.Max(largest, _x[i]);
                _maxima[block] = largest;
            }
        }
    }
}
