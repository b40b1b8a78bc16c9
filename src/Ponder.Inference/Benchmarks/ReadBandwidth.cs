using System.Diagnostics;
using System.Runtime.Intrinsics;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Inference.Benchmarks;

/// <summary>How fast all threads together read memory that no cache holds.</summary>
internal sealed unsafe class ReadBandwidth(WorkerPool pool) : IDisposable
{
    private const long Bytes = 512L << 20;
    private const int Pieces = 64;

    private readonly NativeBuffer<ulong> _memory = new(Bytes / sizeof(ulong));
    private readonly ulong[] _sums = new ulong[Pieces];

    /// <summary>One pass over the memory, in bytes per second.</summary>
    public double Measure()
    {
        long start = Stopwatch.GetTimestamp();
        pool.For(Pieces, new Body(_memory.Pointer, _sums));
        return Bytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _memory.Dispose();

    private readonly struct Body(ulong* memory, ulong[] sums) : IParallelBody
    {
        private readonly ulong* _memory = memory;

        public void Run(int index, int worker)
        {
            ulong* next = _memory + index * (Bytes / sizeof(ulong) / Pieces), end = next + Bytes / sizeof(ulong) / Pieces;
            Vector256<ulong> a = default, b = default, c = default, d = default;
            for (; next < end; next += 16)
            {
                a += Vector256.Load(next);
                b += Vector256.Load(next + 4);
                c += Vector256.Load(next + 8);
                d += Vector256.Load(next + 12);
            }
            sums[index] = Vector256.Sum(a + b + c + d);         // keeps the loads alive
        }
    }
}
