using Ponder.Inference.Branches;
using Ponder.Inference.Kv;
using Ponder.Models.Configuration;
using Ponder.Models.Transformers;
using Ponder.Numerics.Workers;

namespace Ponder.Inference.Scheduling;

/// <summary>What others than the loop's own thread ask for; all under the gate.</summary>
internal sealed partial class EngineLoop
{
    /// <summary>The model's shape.</summary>
    public ModelConfig Config => _transformer.Config;

    public int StreamTokens => _options.StreamTokens;

    /// <summary>Branches that hold memory without taking part in steps; under the gate.</summary>
    public RestingBranches Resting { get; }

    /// <summary>Runs a job to its end.</summary>
    public Task RunAsync(Job job, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
            return Task.FromCanceled(stop);
        Submit([job], stop);
        return job.Ended;
    }

    /// <summary>Hands in jobs that take part from the same step on; all or none.</summary>
    /// <param name="jobs">The jobs.</param>
    /// <param name="stop">Cancels each of them.</param>
    /// <exception cref="EngineBusyException">Too many wait already.</exception>
    /// <exception cref="KvMemoryException">The memory does not hold one of them even alone.</exception>
    public void Submit(IReadOnlyList<Job> jobs, CancellationToken stop)
    {
        lock (Gate)
        {
            if (_closed is not null)
                throw _closed;
            if (Room < jobs.Count)
                throw new EngineBusyException(_options.MaxWaiting);
            int taken = 0;
            try
            {
                for (; taken < jobs.Count; taken++)
                    Take(jobs[taken]);
            }
            catch
            {
                while (--taken >= 0)
                    jobs[taken].Branch.Job = null;
                throw;
            }
            foreach (var job in jobs)
            {
                _scheduler.Enqueue(job);
                job.Watch(this, stop);
            }
            Wake();
        }
    }

    private void Take(Job job)
    {
        job.Branch.DemandIdle(this);
        if (!_pool.CanHold(job.MostTokens, job.IsWhole ? job.MostTokens : _options.ChunkTokens))
            throw _pool.DoesNotHold($"one branch of {job.MostTokens} tokens; raise it or ask for less");
        job.Branch.Job = job;
    }

    /// <summary>Asks a job to end before the next step.</summary>
    public void Cancel(Job job)
    {
        lock (Gate)
        {
            if (job.IsOver || job.IsCancelled)
                return;
            job.MarkCancelled();
            _cancelled.Add(job);
            Wake();
        }
    }

    /// <summary>There may be something to do.</summary>
    public void Wake()
    {
        lock (Gate)
        {
            _hasNews = true;
            Monitor.Pulse(Gate);
        }
    }

    /// <summary>Runs something that uses the parts of a step directly, between two steps.</summary>
    public Task<T> MeasureAsync<T>(Func<Transformer, KvPool, WorkerPool, CancellationToken, T> measure, CancellationToken stop) =>
        HandIn(new ExclusiveWork<T>(measure, stop) { Computes = true });

    /// <summary>Runs something short under the gate, between two steps: all positions that sequences hold are computed then.</summary>
    public Task<T> BetweenStepsAsync<T>(Func<T> action, CancellationToken stop) => HandIn(new ExclusiveWork<T>((_, _, _, _) => action(), stop));

    private Task<T> HandIn<T>(ExclusiveWork<T> exclusive)
    {
        lock (Gate)
        {
            if (_closed is not null)
                throw _closed;
            _exclusive.Enqueue(exclusive);
            Wake();
        }
        return exclusive.Result;
    }

    /// <summary>Ends what runs after its step, and the thread; waits for it, except in a callback of a step.</summary>
    /// <param name="reason">What unfinished and later calls throw.</param>
    /// <param name="free">Frees what the loop uses, once it has ended.</param>
    public void Close(Exception reason, Action free)
    {
        lock (Gate)
        {
            _closed = reason;
            Wake();
        }
        if (Thread.CurrentThread == _thread || _isInStep)       // in a callback, which the thread waits for
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ => JoinAndFree(free), null);
            return;
        }
        JoinAndFree(free);
    }

    private void JoinAndFree(Action free)
    {
        _thread.Join();
        lock (Gate)
        {
            _isFreed = true;
            free();
            Dispose();
        }
    }

    /// <summary>Frees the buffers of a loop that was closed.</summary>
    public void Dispose()
    {
        Metrics.Dispose();
        _step.Dispose();
    }

    /// <summary>Frees the memory of a branch that nobody will use again.</summary>
    public void Release(Branch branch)
    {
        if (!_isFreed)
            _scheduler.Release(branch);
        if (_scheduler.Waiting > 0)
            Wake();
    }
}
