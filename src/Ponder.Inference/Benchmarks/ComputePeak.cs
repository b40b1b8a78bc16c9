using System.Diagnostics;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Inference.Benchmarks;

/// <summary>How many float32 operations all threads together compute in registers, whatever memory does.</summary>
internal sealed class ComputePeak(WorkerPool pool, VectorWidth width)
{
    private const int PiecesPerThread = 8, Steps = 200_000;     // milliseconds in all, yet long against a fork

    private readonly double[] _operations = new double[pool.Threads * PiecesPerThread];
    private readonly float[] _results = new float[pool.Threads * PiecesPerThread];

    /// <summary>One pass, in operations per second; a multiply-add is two.</summary>
    public double Measure()
    {
        long start = Stopwatch.GetTimestamp();
        pool.For(_operations.Length, new Body(width, _operations, _results));
        return _operations.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private readonly struct Body(VectorWidth width, double[] operations, float[] results) : IParallelBody
    {
        public void Run(int index, int worker) => operations[index] = MultiplyAddLoop.Run(width, Steps, out results[index]);
    }
}
