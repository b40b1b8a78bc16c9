using BenchmarkDotNet.Attributes;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Formats;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Panels;
using Ponder.Numerics.Workers;

namespace Ponder.Benchmarks;

/// <summary>A square product of each format: one token, the branches of a search, a prompt.</summary>
public unsafe class MatMulBenchmarks
{
    private const int Size = 1024;

    private readonly WorkerPool _pool = new();
    private NativeBuffer<byte> _bytes = new(0);
    private NativeBuffer<float> _x = new(0), _y = new(0);
    private NativeBuffer<byte> _panels = new(0), _prepared = new(0);
    private Matrix? _weight;
    private PackedMatMul? _kernels;
    private PackedMatrix? _packed;

    /// <summary>The instructions that multiply; <c>portable</c> decodes to float32.</summary>
    [ParamsSource(nameof(Paths))]
    public string Path { get; set; } = "";

    public static IEnumerable<string> Paths => InstructionSets.Available.Select(InstructionSets.NameOf);

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
        _kernels = PackedMatMul.For(InstructionSets.Require(nameof(Path), Path));
        if (_kernels is null || !_kernels.CanPack(_weight))
            return;
        _panels = new NativeBuffer<byte>(_kernels.BytesOf(_weight));
        _packed = _kernels.Pack(_pool, _weight, _panels.Pointer);
        _prepared = new NativeBuffer<byte>(Rows * (long)_kernels.RowBytes(Size));
    }

    [Benchmark]
    public void Multiply()
    {
        if (_packed is null)
        {
            MatMul.Multiply(_pool, VectorWidths.Current, _x.Pointer, Rows, _weight!, null, _y.Pointer);
            return;
        }
        for (int row = 0; row < Rows; row++)
            _kernels!.Prepare(_x.Pointer + (nint)row * Size, row, Rows, Size, fine: false, _prepared.Pointer);
        _kernels!.Multiply(_pool, _prepared.Pointer, Rows, [new PackedMatMul.Product(_packed, 0, (nint)_y.Pointer, Fine: false)]);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _bytes.Dispose();
        _panels.Dispose();
        _prepared.Dispose();
        _x.Dispose();
        _y.Dispose();
        _pool.Dispose();
    }
}
