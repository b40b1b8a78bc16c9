using BenchmarkDotNet.Attributes;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Benchmarks;

/// <summary>Attention of one layer: a token, and a chunk of a prompt, after <see cref="Depth"/> positions.</summary>
public unsafe class AttentionBenchmarks
{
    private static readonly AttentionShape Shape = new(16, 4, 64, 0.125f, 0, 0, Causal: true, KvFormat.F32);

    private readonly WorkerPool _pool = new();
    private readonly AttentionPlan _plan = new();
    private NativeBuffer<float> _pages = new(0), _q = new(0), _output = new(0);
    private NativeBuffer<nint> _addresses = new(0);

    [Params(1, 128)]
    public int Rows { get; set; }

    [Params(128, 2048)]
    public int Depth { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int pages = (Depth + Rows + Attention.PageTokens - 1) / Attention.PageTokens;
        long floats = 2L * Shape.KvHeads * Attention.PageTokens * Shape.HeadSize;
        _pages = NativeFloats.Random(pages * floats);
        _addresses = new NativeBuffer<nint>(pages);
        for (int i = 0; i < pages; i++)
            _addresses.Pointer[i] = (nint)(_pages.Pointer + i * floats);
        _q = NativeFloats.Random((long)Rows * Shape.Heads * Shape.HeadSize);
        _output = new NativeBuffer<float>((long)Rows * Shape.Heads * Shape.HeadSize);
    }

    [Benchmark]
    public void Attend()
    {
        var span = new AttentionSpan(0, Rows, Depth, Depth + Rows, (nint)_addresses.Pointer);
        Attention.Apply(_pool, VectorWidths.Current, _plan, Shape, [span], 0, _q.Pointer, _output.Pointer);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _pages.Dispose();
        _addresses.Dispose();
        _q.Dispose();
        _output.Dispose();
        _plan.Dispose();
        _pool.Dispose();
    }
}
