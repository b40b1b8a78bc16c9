using BenchmarkDotNet.Attributes;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;

namespace Ponder.Benchmarks;

/// <summary>What is done to a row of activations between the products, on one thread.</summary>
public unsafe class RowBenchmarks : IDisposable
{
    private const int Width = 2048, HeadSize = 64;

    private readonly NativeBuffer<float> _x = NativeFloats.Random(Width);
    private readonly NativeBuffer<float> _w = NativeFloats.Random(Width);
    private readonly NativeBuffer<float> _y = new(Width);
    private readonly NativeBuffer<float> _zeros = new(Width);

    [Benchmark]
    public void Rms() => RmsNorm.Apply(VectorWidths.Current, _x.Pointer, 1, Width, _w.Pointer, 1e-5f, _y.Pointer);

    // On zeros: what is rotated in place again and again must not grow out of range.
    [Benchmark]
    [Arguments(RopeStyle.HalfSplit)]
    [Arguments(RopeStyle.Interleaved)]
    public void Rotate(RopeStyle style) =>
        Rope.Apply(VectorWidths.Current, _zeros.Pointer, Width / HeadSize, HeadSize, _w.Pointer, _w.Pointer + HeadSize / 2, HeadSize / 2, style);

    [Benchmark]
    [Arguments(ActivationKind.Silu)]
    [Arguments(ActivationKind.Gelu)]
    [Arguments(ActivationKind.GeluTanh)]
    [Arguments(ActivationKind.Relu)]
    public void Activate(ActivationKind kind) => Activation.Apply(VectorWidths.Current, kind, _x.Pointer, _w.Pointer, Width, _y.Pointer);

    [GlobalCleanup]
    public void Dispose()
    {
        _x.Dispose();
        _w.Dispose();
        _y.Dispose();
        _zeros.Dispose();
    }
}
