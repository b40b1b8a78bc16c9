using BenchmarkDotNet.Attributes;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Benchmarks;

/// <summary>A square product of each format: one token, the branches of a search, a prompt.</summary>
public unsafe class MatMulBenchmarks
{
    private const int Size = 1024;

    private readonly WorkerPool _pool = new();
    private NativeBuffer<byte> _bytes = new(0);
    private NativeBuffer<float> _x = new(0), _y = new(0);
    private Matrix? _weight;

    [Params("F32", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q4_K", "Q6_K")]
    public string Format { get; set; } = "";

    [Params(1, 32, 512)]
    public int Rows { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var format = NumberFormats.All.Single(f => f.Name == Format);
        using var values = NativeFloats.Random(Size * Size);
        _bytes = new NativeBuffer<byte>(format.BytesOf(Size) * Size);
        format.Encode(values.Span, _bytes.Span);
        _weight = new Matrix(format, (nint)_bytes.Pointer, Size, Size);
        _x = NativeFloats.Random((long)Rows * Size);
        _y = new NativeBuffer<float>((long)Rows * Size);
    }

    [Benchmark]
    public void Multiply() => MatMul.Multiply(_pool, VectorWidths.Current, _x.Pointer, Rows, _weight!, null, _y.Pointer);

    [GlobalCleanup]
    public void Cleanup()
    {
        _bytes.Dispose();
        _x.Dispose();
        _y.Dispose();
        _pool.Dispose();
    }
}
