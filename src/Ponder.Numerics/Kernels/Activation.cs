namespace Ponder.Numerics.Kernels;

/// <summary>The non-linearity of a feed-forward layer.</summary>
public enum ActivationKind
{
    /// <summary>x * sigmoid(x), also called swish.</summary>
    Silu,

    /// <summary>x * Φ(x) with the error function.</summary>
    Gelu,

    /// <summary>GELU in its tanh approximation (<c>gelu_new</c>, <c>gelu_pytorch_tanh</c>).</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>Activations, alone or as the gate of a GLU (Shazeer, arXiv 2002.05202).</summary>
public static unsafe class Activation
{
    /// <summary>y = act(gate), times <paramref name="up"/> where there is one; y may be any of the inputs.</summary>
    /// <param name="width">The vectors to use.</param>
    /// <param name="kind">The non-linearity.</param>
    /// <param name="gate">[count].</param>
    /// <param name="up">[count], or null.</param>
    /// <param name="count">Values.</param>
    /// <param name="y">Receives [count].</param>
    public static void Apply(VectorWidth width, ActivationKind kind, float* gate, float* up, long count, float* y)
    {
        switch (kind)
        {
            case ActivationKind.Silu: VectorDispatch.Run(width, new Kernel<Silu>(gate, up, count, y)); break;
            case ActivationKind.Gelu: VectorDispatch.Run(width, new Kernel<Gelu>(gate, up, count, y)); break;
            case ActivationKind.GeluTanh: VectorDispatch.Run(width, new Kernel<GeluTanh>(gate, up, count, y)); break;
            case ActivationKind.Relu: VectorDispatch.Run(width, new Kernel<Relu>(gate, up, count, y)); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "This activation is not known.");
        }
    }

    private interface IFunction
    {
        static abstract TVec Vector<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : struct;

        static abstract float Scalar(float x);
    }

    private readonly struct Kernel<TFunction>(float* gate, float* up, long count, float* y) : IVectorKernel where TFunction : struct, IFunction
    {
        private readonly float* _gate = gate;
        private readonly float* _up = up;
        private readonly float* _y = y;

        public void Vector<TLanes, TVec>() where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            long i = 0;
            for (; i + TLanes.Count <= count; i += TLanes.Count)
            {
                var value = TFunction.Vector<TLanes, TVec>(TLanes.Load(_gate + i));
                TLanes.Store(_up is null ? value : TLanes.Multiply(value, TLanes.Load(_up + i)), _y + i);
            }
            for (; i < count; i++)
                _y[i] = TFunction.Scalar(_gate[i]) * (_up is null ? 1 : _up[i]);
        }

        public void Scalar()
        {
            for (long i = 0; i < count; i++)
                _y[i] = TFunction.Scalar(_gate[i]) * (_up is null ? 1 : _up[i]);
        }
    }

    private readonly struct Silu : IFunction
    {
        public static TVec Vector<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : struct =>
            TLanes.Divide(x, TLanes.Add(TLanes.Create(1), TLanes.Exp(TLanes.Subtract(TLanes.Zero, x))));

        public static float Scalar(float x) => x / (1 + MathF.Exp(-x));
    }

    private readonly struct Relu : IFunction
    {
        public static TVec Vector<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : struct => TLanes.Max(x, TLanes.Zero);

        public static float Scalar(float x) => MathF.Max(x, 0);
    }

    // 0.5 x (1 + tanh(u)) with u = sqrt(2/π) (x + 0.044715 x³); since (1 + tanh(u)) / 2 = sigmoid(2u), one exponential serves.
    private readonly struct GeluTanh : IFunction
    {
        private const float TwiceRootTwoOverPi = 1.5957691216057308f;
        private const float Cubic = 0.044715f;

        public static TVec Vector<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            var cube = TLanes.Multiply(TLanes.Multiply(x, x), x);
            var twiceU = TLanes.Multiply(TLanes.Create(TwiceRootTwoOverPi), TLanes.MultiplyAdd(TLanes.Create(Cubic), cube, x));
            return TLanes.Divide(x, TLanes.Add(TLanes.Create(1), TLanes.Exp(TLanes.Subtract(TLanes.Zero, twiceU))));
        }

        public static float Scalar(float x) => 0.5f * x * (1 + MathF.Tanh(TwiceRootTwoOverPi / 2 * (x + Cubic * x * x * x)));
    }

    // x Φ(x), Φ by Abramowitz and Stegun 7.1.26 (|error| of erf below 1.5e-7).
    private readonly struct Gelu : IFunction
    {
        private const float P = 0.3275911f;
        private const float A1 = 0.254829592f;
        private const float A2 = -0.284496736f;
        private const float A3 = 1.421413741f;
        private const float A4 = -1.453152027f;
        private const float A5 = 1.061405429f;
        private const float InverseRootTwo = 0.7071067811865476f;

        public static TVec Vector<TLanes, TVec>(TVec x) where TLanes : struct, ILanes<TVec> where TVec : struct
        {
            // With z = |x| / sqrt(2) and q = erfc(z) / 2: x Φ(x) = max(x, 0) - |x| q, for either sign of x.
            var magnitude = TLanes.Max(x, TLanes.Subtract(TLanes.Zero, x));
            var z = TLanes.Multiply(magnitude, TLanes.Create(InverseRootTwo));
            var t = TLanes.Divide(TLanes.Create(1), TLanes.MultiplyAdd(TLanes.Create(P), z, TLanes.Create(1)));
            var polynomial = TLanes.MultiplyAdd(TLanes.Create(A5), t, TLanes.Create(A4));
            polynomial = TLanes.MultiplyAdd(polynomial, t, TLanes.Create(A3));
            polynomial = TLanes.MultiplyAdd(polynomial, t, TLanes.Create(A2));
            polynomial = TLanes.MultiplyAdd(polynomial, t, TLanes.Create(A1));
            var gauss = TLanes.Exp(TLanes.Subtract(TLanes.Zero, TLanes.Multiply(z, z)));
            var q = TLanes.Multiply(TLanes.Multiply(polynomial, t), TLanes.Multiply(gauss, TLanes.Create(0.5f)));
            return TLanes.Subtract(TLanes.Max(x, TLanes.Zero), TLanes.Multiply(magnitude, q));
        }

        public static float Scalar(float x)
        {
            double z = Math.Abs(x) * (double)InverseRootTwo;
            double t = 1 / (1 + P * z);
            double q = ((((A5 * t + A4) * t + A3) * t + A2) * t + A1) * t * Math.Exp(-z * z) / 2;
            return (float)(Math.Max(x, 0) - Math.Abs(x) * q);
        }
    }
}
