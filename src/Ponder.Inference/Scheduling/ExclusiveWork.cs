using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Workers;

namespace Ponder.Inference.Scheduling;

/// <summary>Something that uses the parts of a step directly, between two steps, in the place of one.</summary>
internal abstract class ExclusiveWork
{
    /// <summary>It needs a turn on the threads.</summary>
    public bool Computes { get; init; }

    /// <summary>Runs it, on the loop's thread.</summary>
    public abstract void Run(Transformer transformer, KvPool pool, WorkerPool workers);

    /// <summary>Ends it without running it.</summary>
    public abstract void Refuse(Exception reason);
}

/// <summary>The same with a result.</summary>
/// <param name="measure">What to run.</param>
/// <param name="stop">Handed on to it.</param>
internal sealed class ExclusiveWork<T>(Func<Transformer, KvPool, WorkerPool, CancellationToken, T> measure, CancellationToken stop) : ExclusiveWork
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What came out.</summary>
    public Task<T> Result => _result.Task;

    public override void Run(Transformer transformer, KvPool pool, WorkerPool workers)
    {
        try
        {
            stop.ThrowIfCancellationRequested();
            _result.SetResult(measure(transformer, pool, workers, stop));
        }
        catch (OperationCanceledException error)
        {
            _result.SetCanceled(error.CancellationToken);
        }
        catch (Exception error)
        {
            _result.SetException(error);
        }
    }

    public override void Refuse(Exception reason) => _result.SetException(reason);
}
