using System.Diagnostics;
using System.Runtime.InteropServices;
using Ponder.Inference.Branches.Saving;
using Ponder.Inference.Diagnostics;
using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Models.Loading;
using Ponder.Models.Tokenizers;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Inference.Scheduling;

/// <summary>
/// The one thread that computes: schedule, forward, sample, deliver, as long as there is work. Everybody else hands in jobs, under the gate, which
/// the loop holds while it schedules and lets go while it computes.
/// </summary>
internal sealed partial class EngineLoop : IDisposable
{
    [ThreadStatic]
    private static bool _isInStep;                              // this thread runs a reader of a step's outputs

    private readonly Transformer _transformer;
    private readonly KvPool _pool;
    private readonly WorkerPool _workers;
    private readonly SharedWorkers.Member _turns;
    private readonly EngineOptions _options;
    private readonly ModelPackage _model;
    private readonly Scheduler _scheduler;
    private readonly Step _step;
    private readonly Sampler[] _samplers;
    private readonly List<Job> _cancelled = [];
    private readonly Queue<ExclusiveWork> _exclusive = [];
    private readonly Thread _thread;
    private readonly bool _hasWindows;
    private Exception? _closed;                                 // why there is no more work
    private bool _hasNews, _isFreed;
    private long _number, _planTicks;

    public EngineLoop(
        Transformer transformer, KvPool pool, SharedWorkers workers, RequestChecks checks, ModelPackage model, EngineOptions options, EngineIdentity identity)
    {
        _transformer = transformer;
        _pool = pool;
        _workers = workers.Pool;
        _turns = workers.Join();
        _options = options;
        Checks = checks;
        _model = model;
        _hasWindows = Array.Exists(pool.Groups, group => group.Group.Window > 0);
        Resting = new RestingBranches(pool);
        _scheduler = new Scheduler(pool, Resting, options, Counters, End);
        _step = new Step(transformer);
        _samplers = [.. Enumerable.Range(0, workers.Threads).Select(_ => new Sampler())];
        Archive = new BranchArchive(this, pool, identity);
        Metrics = new EngineMetrics(Path.GetFileName(model.Path.Weights), this, pool);
        _thread = new Thread(Run) { IsBackground = true, Name = "ponder-engine" };
        _thread.Start();
    }

    /// <summary>Guards the queue, all branches and the pool.</summary>
    public object Gate { get; } = new();

    public RequestChecks Checks { get; }

    public Tokenizer Tokenizer => _model.Tokenizer;              // read when first asked for: a model may have none

    public BranchArchive Archive { get; }

    public EngineCounters Counters { get; } = new();

    public EngineMetrics Metrics { get; }

    /// <summary>When the latest step was sampled, in ticks of the stopwatch.</summary>
    public long Now { get; private set; }

    /// <summary>How many more jobs would be taken; under the gate.</summary>
    public long Room => (long)_options.MaxWaiting + _options.MaxBranches - _scheduler.Waiting - _scheduler.Running.Count;

    /// <summary>Jobs that wait, and jobs that take part in steps.</summary>
    public (int Waiting, int Running) Jobs
    {
        get
        {
            lock (Gate)
                return (_scheduler.Waiting, _scheduler.Running.Count);
        }
    }

    private void Run()
    {
        while (WaitForStep())
        {
            if (!Forward(out long start, out long computed))
                continue;
            Now = Stopwatch.GetTimestamp();
            Deliver();
            Counters.AddStep(_step.Batch.Rows, _planTicks, computed - start, Now - computed, Stopwatch.GetTimestamp() - Now);
            if (_step.Batch.Rows > 0)
                Metrics.Step(_step.Batch.Rows);
        }
    }

    /// <summary>Plans a step, or waits until there is one. False when the engine closes.</summary>
    private bool WaitForStep()
    {
        lock (Gate)
        {
            while (_closed is null)
            {
                long start = Stopwatch.GetTimestamp();
                _hasNews = false;
                for (int i = 0; i < _cancelled.Count; i++)      // the end of one may cancel another
                    End(_cancelled[i], new OperationCanceledException());
                _cancelled.Clear();
                while (_exclusive.TryDequeue(out var exclusive))
                {
                    if (exclusive.Computes)
                        _turns.Enter();
                    exclusive.Run(_transformer, _pool, _workers);
                    if (exclusive.Computes)
                        _turns.Leave();
                }
                if (_scheduler.Plan(_step))
                {
                    _planTicks = Stopwatch.GetTimestamp() - start;
                    return true;
                }
                if (!_hasNews)
                {
                    _turns.Pause();
                    Monitor.Wait(Gate);
                }
            }
            _turns.Pause();
            foreach (var job in _scheduler.All())
                End(job, _closed);
            while (_exclusive.TryDequeue(out var exclusive))
                exclusive.Refuse(_closed);
            return false;
        }
    }

    /// <summary>Computes the step and draws from its outputs, when it is this engine's turn.</summary>
    private bool Forward(out long start, out long computed)
    {
        _turns.Enter();
        start = Stopwatch.GetTimestamp();
        computed = 0;
        try
        {
            if (_step.Batch.Rows > 0)
                _step.Forward();
            computed = Stopwatch.GetTimestamp();
            _workers.For(_step.Picks.Length, new Digestion(this));
            return true;
        }
        catch (Exception error)                                 // no memory, or a defect: those who were part of it fail, the others go on
        {
            lock (Gate)
            {
                foreach (var pick in _step.Picks)
                {
                    pick.Job.Branch.Kv!.Truncate(pick.Position);
                    End(pick.Job, error);
                }
            }
            return false;
        }
        finally
        {
            _turns.Leave();
        }
    }

    private readonly struct Digestion(EngineLoop loop) : IParallelBody
    {
        public void Run(int index, int worker)
        {
            var pick = loop._step.Picks[index];
            if (pick.Rows > 0 && pick.Outputs == 0)
                return;
            _isInStep = true;
            try
            {
                pick.Job.Digest(loop._step.OutputsOf(pick), loop._samplers[worker]);
            }
            catch (Exception error)
            {
                pick.Job.Failure = error;
            }
            finally
            {
                _isInStep = false;
            }
        }
    }

    private void Deliver()
    {
        _number++;
        foreach (var pick in _step.Picks)
        {
            lock (Gate)
                Account(pick);
            var failure = pick.Job.Failure;
            bool isDone = false;
            try
            {
                if (failure is null)
                    isDone = pick.Job.Deliver();
            }
            catch (Exception error)                             // of the caller's own code: a callback, a rule
            {
                failure = error;
            }
            if (pick.Drafts > 0)
            {
                lock (Gate)
                    ForgetRejected(pick.Job);
            }
            if (isDone || failure is not null)
            {
                lock (Gate)
                    End(pick.Job, failure);
            }
        }
    }

    /// <summary>Rolls back what was computed of drafts that the branch did not take over.</summary>
    private static void ForgetRejected(Job job)
    {
        var branch = job.Branch;
        int kept = Math.Min(branch.Kv!.Length, job.Tokens.Count - 1);
        branch.Kv.Truncate(kept);
        branch.Computed = Math.Min(branch.Computed, kept);
    }

    /// <summary>Takes note of what was computed.</summary>
    private void Account(in Step.Pick pick)
    {
        var (job, branch, group) = (pick.Job, pick.Job.Branch, pick.Job.Group);
        if (group.LastStep != _number)
        {
            group.LastStep = _number;
            group.Meter.Sample();
        }
        if (pick.Rows == 0)
            return;
        group.Served += pick.Rows;
        int end = pick.Position + pick.Rows;
        int again = Math.Clamp(branch.Computed - pick.Position, 0, pick.Rows);
        int given = job.CountGiven(Math.Max(pick.Position, branch.Computed), end);
        branch.Computed = Math.Max(branch.Computed, end);
        foreach (var tokens in (ReadOnlySpan<TokenCounts>)[Counters.Tokens, group.Tokens])
        {
            tokens.AddRecomputed(again);
            tokens.AddPrompt(given);
        }
        // Layers with a window let pages go that only the prefix tree could still keep.
        bool isDue = pick.Rows > 1 || (_hasWindows && end % Attention.PageTokens == 0);
        if (isDue && !job.IsWhole && end <= job.Tokens.Count)
            branch.Kv!.Publish(CollectionsMarshal.AsSpan(job.Tokens)[..end], branch.LongRope);
    }

    /// <summary>Ends a job; under the gate.</summary>
    private void End(Job job, Exception? error)
    {
        if (job.IsOver)
            return;
        _hasNews = true;
        _scheduler.Remove(job);
        var branch = job.Branch;
        branch.Job = null;
        var waiting = branch.TrunkOf?.Waiting ?? [];
        for (int i = waiting.Count - 1; i >= 0; i--)
        {
            if (error is null)
                _scheduler.PutBack(waiting[i]);
        }
        Job[] failed = error is null ? [] : [.. waiting];
        waiting.Clear();
        if (branch.IsDropped || job.OwnsBranch)
            branch.Drop();
        else
            Resting.Add(branch);
        job.End(error);
        foreach (var other in failed)
            End(other, error);
    }
}
