namespace Ponder.Numerics.Kernels;

/// <summary>Which two values of a head rotate together.</summary>
public enum RopeStyle
{
    /// <summary>Value i with value i + half (GPT-NeoX, Hugging Face).</summary>
    HalfSplit,

    /// <summary>Value 2i with value 2i + 1 (the paper, and GGUF files of the llama architecture, whose weights are permuted for it).</summary>
    Interleaved,
}

/// <summary>Rotary position embedding (Su et al., arXiv 2104.09864).</summary>
public static unsafe class Rope
{
    /// <summary>Rotates the first 2 * <paramref name="pairs"/> values of every head in place; the rest stays.</summary>
    /// <param name="width">The vectors to use; the bits are the same for each.</param>
    /// <param name="x">[heads, headSize], one token.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="headSize">Values of a head.</param>
    /// <param name="cos">[pairs]: the cosines of the token's angles, times the attention factor of the scaling if there is one.</param>
    /// <param name="sin">[pairs].</param>
    /// <param name="pairs">Rotated pairs of a head, at most headSize / 2.</param>
    /// <param name="style">Which values form a pair.</param>
    public static void Apply(VectorWidth width, float* x, int heads, int headSize, float* cos, float* sin, int pairs, RopeStyle style) =>
        VectorDispatch.Run(width, new Kernel(x, heads, headSize, cos, sin, pairs, style));

    private readonly struct Kernel(float* x, int heads, int headSize, float* cos, float* sin, int pairs, RopeStyle style) : IVectorKernel
    {
        private readonly float* _x = x;
        private readonly float* _cos = cos;
        private readonly float* _sin = sin;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            int step = style == RopeStyle.HalfSplit ? TLanes.Count : TLanes.Count / 2;  // pairs of a vector
            int whole = pairs / step * step;
            for (int i = 0; i < whole; i += step)
            {
                float* first = _x + (style == RopeStyle.HalfSplit ? i : 2 * i);
                if (style == RopeStyle.HalfSplit)
                {
                    var (c, s) = (TLanes.Load(_cos + i), TLanes.Load(_sin + i));
                    for (int head = 0; head < heads; head++, first += headSize)
                    {
                        var (a, b) = (TLanes.Load(first), TLanes.Load(first + pairs));
                        TLanes.Store(TLanes.Subtract(TLanes.Multiply(a, c), TLanes.Multiply(b, s)), first);
                        TLanes.Store(TLanes.Add(TLanes.Multiply(b, c), TLanes.Multiply(a, s)), first + pairs);
                    }
                }
                else
                {
                    var (c, s) = (TLanes.LoadTwice(_cos + i), TLanes.NegateEven(TLanes.LoadTwice(_sin + i)));
                    for (int head = 0; head < heads; head++, first += headSize)
                    {
                        var ab = TLanes.Load(first);
                        TLanes.Store(TLanes.Add(TLanes.Multiply(ab, c), TLanes.Multiply(TLanes.SwapPairs(ab), s)), first);
                    }
                }
            }
            Rest(whole);
        }

        public void Scalar() => Rest(0);

        private void Rest(int whole)
        {
            int step = style == RopeStyle.Interleaved ? 2 : 1, partner = style == RopeStyle.Interleaved ? 1 : pairs;
            float* head = _x;
            for (int h = 0; h < heads; h++, head += headSize)
            {
                for (int i = whole; i < pairs; i++)
                {
                    float a = head[i * step], b = head[i * step + partner];
                    head[i * step] = a * _cos[i] - b * _sin[i];
                    head[i * step + partner] = b * _cos[i] + a * _sin[i];
                }
            }
        }
    }
}
