using System.Runtime.InteropServices;
using Ponder.Inference.Branches;
using Ponder.Inference.Kv;
using Ponder.Inference.Scoring;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Scheduling;

/// <summary>
/// Decides who takes part in the next step: admits waiting jobs while there are places and memory, then picks one token of every job that is
/// decoding, then chunks of prompts. When memory is short, it takes that of branches that rest, then of the jobs that came last; what is lost is
/// computed again. Everything here runs under the engine's gate.
/// </summary>
internal sealed class Scheduler(KvPool pool, RestingBranches resting, EngineOptions options, EngineCounters counters, Action<Job, Exception?> end)
{
    private const int PromptsPerShare = 2;

    private readonly JobQueue _queue = new();
    private readonly List<Job> _running = [];                   // jobs of one request side by side: attention reads what neighbours share once
    private readonly List<Job> _candidates = [];                // of the step that is being planned
    private readonly List<Job> _stalled = [];                   // their readers have not taken what they got
    private bool _isShort;                                      // memory was taken from a job: nobody is admitted until some is free

    /// <summary>Jobs that wait for their turn, or for their readers.</summary>
    public int Waiting => _queue.Count + _stalled.Count;

    /// <summary>Jobs that take part in steps.</summary>
    public IReadOnlyList<Job> Running => _running;

    /// <summary>A job joins the queue.</summary>
    public void Enqueue(Job job) => _queue.Add(job);

    /// <summary>A job waits again, before all others of its request.</summary>
    public void PutBack(Job job) => _queue.PutBack(job);

    /// <inheritdoc cref="RestingBranches.TakeMemoryOf"/>
    public void Release(Branch branch)
    {
        resting.TakeMemoryOf(branch);
        _isShort = false;
    }

    /// <summary>Takes a job out, wherever it is.</summary>
    public void Remove(Job job)
    {
        if (job.IsRunning)
            Stop(job);
        else if (!_stalled.Remove(job) && !_queue.Remove(job) && job.Branch.Stem is { } stem && stem.Waiting.Remove(job) && stem.Waiting.Count == 0 && stem.Trunk.Job is { } fill)
            end(fill, new OperationCanceledException());        // nobody needs it any more
        _isShort = false;
    }

    /// <summary>All jobs, wherever they are.</summary>
    public List<Job> All()
    {
        List<Job> jobs = [.. _running];
        jobs.AddRange(_stalled);
        jobs.AddRange(_queue.Clear());
        jobs.AddRange([.. jobs.SelectMany(job => job.Branch.TrunkOf?.Waiting ?? [])]);
        return jobs;
    }

    /// <summary>Fills a step.</summary>
    /// <returns>False if there is nothing to do.</returns>
    public bool Plan(Step step)
    {
        step.Clear();
        SetStalledAside();
        Admit();
        int decodes = PickDecodes(step);
        PickPrompts(step, decodes > 0);
        return step.Picks.Length > 0;
    }

    /// <summary>Jobs whose readers lag lose their places, and their memory if others need it; they queue again when there is room for a token.</summary>
    private void SetStalledAside()
    {
        for (int i = _stalled.Count - 1; i >= 0; i--)
        {
            if (_stalled[i].IsStalled)
                continue;
            _queue.PutBack(_stalled[i]);
            _stalled.RemoveAt(i);
        }
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            var job = _running[i];
            if (!job.IsStalled)
                continue;
            Stop(job);
            resting.Add(job.Branch);
            _stalled.Add(job);
        }
    }

    private void Admit()
    {
        while (_queue.Peek() is { } job)
        {
            if ((_isShort && _running.Count > 0) || (_running.Count >= options.MaxBranches && !MakePlace(job)))
                return;
            if (!Prepare(job))
                continue;                                       // it waits for its stem now
            if (_running.Count > 0 && !MakeRoom(job))
            {
                resting.Add(job.Branch);
                return;
            }
            _queue.Take(job);
            Start(job);
        }
    }

    /// <summary>Makes a job's branch ready to go on. False if its beginning must be computed first, by another job.</summary>
    private bool Prepare(Job job)
    {
        var branch = job.Branch;
        if (branch.Stem is { } stem && !job.IsWhole)
        {
            if (!stem.IsSettled)
            {
                _queue.Take(job);
                stem.Waiting.Add(job);
                if (stem.Trunk.Job is null)
                {
                    stem.Trunk.Job = ReadJob.OfLast(stem.Trunk);
                    _queue.PutBack(stem.Trunk.Job);
                }
                return false;
            }
            branch.Kv = stem.Trunk.Kv!.Fork();
            branch.Outputs = branch.Length == stem.Length ? stem.Trunk.Outputs : null;
            branch.Computed = Math.Max(branch.Computed, stem.Length);
            branch.Stem = null;
            stem.LetGo();
        }
        job.TakeTokens();
        if (branch.Kv is null)
        {
            branch.Kv = pool.Create(branch.Group.Meter);
            Adopt(job);
        }
        int keep = job.IsWhole ? 0 : job.GoesOnFromOutputs ? branch.Kv.Length : Math.Min(branch.Kv.Length, job.FirstOutput);
        if (branch.Kv.Length > keep)
            branch.Kv.Truncate(keep);
        branch.Kv.Reserve(job.MostTokens);
        return true;
    }

    /// <summary>Takes what the prefix tree has of a text of which nothing is computed.</summary>
    private void Adopt(Job job)
    {
        var branch = job.Branch;
        if (job.IsWhole || branch.Kv!.Length > 0)
            return;
        int reused = branch.Kv.Adopt(CollectionsMarshal.AsSpan(job.Tokens)[..job.FirstOutput], branch.LongRope);
        counters.Tokens.AddReused(reused);
        branch.Group.Tokens.AddReused(reused);
        branch.Computed = Math.Max(branch.Computed, reused);
    }

    /// <summary>Takes the memory of branches that nobody is using, if that is needed and helps. False if a job must wait for memory.</summary>
    private bool MakeRoom(Job job)
    {
        resting.Remove(job.Branch);
        int tokens = (KvLayout.PagesFor(job.Pending) + _running.Count + 1) * Attention.PageTokens;
        resting.TakeUnused(tokens);
        return pool.AvailableTokens >= tokens;
    }

    private void Start(Job job)
    {
        resting.Remove(job.Branch);
        int place = _running.FindLastIndex(other => other.Group == job.Group) + 1;
        _running.Insert(place > 0 ? place : _running.Count, job);
        job.IsRunning = true;
        job.Group.Running++;
    }

    private void Stop(Job job)
    {
        _running.Remove(job);
        job.IsRunning = false;
        job.Group.Running--;
    }

    /// <summary>
    /// Gives the place of a running job to one that waits, if that is of higher priority, or of a request that has no place while another has
    /// several. Who loses its place keeps its memory and is the next of its request.
    /// </summary>
    private bool MakePlace(Job waiting)
    {
        Job? victim = null;
        foreach (var job in _running)
        {
            bool isBetter = victim is null || job.Group.Priority < victim.Group.Priority
                || (job.Group.Priority == victim.Group.Priority && job.Group.Running >= victim.Group.Running);
            victim = isBetter ? job : victim;
        }
        int above = waiting.Group.Priority.CompareTo(victim!.Group.Priority);
        if (above < 0 || (above == 0 && (waiting.Group.Running > 0 || victim.Group.Running < 2)))
            return false;
        Stop(victim);
        resting.Add(victim.Branch);
        _queue.PutBack(victim);
        return true;
    }

    /// <summary>One token of every job whose others are computed, with drafts of what may follow.</summary>
    private int PickDecodes(Step step)
    {
        _candidates.Clear();
        _candidates.AddRange(_running);
        int decodes = 0, draftBudget = options.ChunkTokens;
        foreach (var job in _candidates)
        {
            if (!job.IsRunning || job.IsWhole || job.Pending > 1)
                continue;                                       // the first: it lost its memory to one before it
            if (job.Pending == 0)
            {
                step.Add(job);
                continue;
            }
            int drafts = Math.Min(job.PrepareDrafts(), draftBudget), position = job.Branch.Kv!.Length;
            var outputs = job.Plan(1).Outputs;
            if (drafts > 0 && !job.Branch.Kv.TryExtend(1 + drafts))
                drafts = 0;                                     // nobody loses memory to a guess
            if (drafts == 0 && !TryExtend(step, job, 1))
                continue;
            decodes++;
            draftBudget -= drafts;
            if (drafts == 0)
                step.Add(job, CollectionsMarshal.AsSpan(job.Tokens)[^1..], position, outputs);
            else
                step.Add(job, job.DraftedRows[..(1 + drafts)], position, OutputRows.All, drafts);
        }
        return decodes;
    }

    /// <summary>
    /// Chunks of prompts, of those first who have had least, up to a budget of tokens: a small one beside decodes, but the more prompts wait the
    /// larger, since rows cost less the more there are.
    /// </summary>
    private void PickPrompts(Step step, bool besideDecodes)
    {
        _candidates.Clear();
        foreach (var job in _running)
        {
            if (job.IsWhole ? job.Pending > 0 : job.Pending > 1)
                _candidates.Add(job);
        }
        if (_candidates.Count > 1)
            _candidates.Sort(ByNeed);
        int shared = options.SharedChunkTokens * Math.Max(1, _candidates.Count / PromptsPerShare);
        int budget = besideDecodes ? Math.Min(shared, options.ChunkTokens) : options.ChunkTokens;
        bool isFirst = true;
        foreach (var job in _candidates)
        {
            if (!job.IsRunning || (job.IsWhole && !isFirst && job.Pending > budget))
                continue;
            Adopt(job);                                         // another with the same beginning may have come further since this one was admitted
            var (rows, outputs) = job.Plan(job.IsWhole ? job.Pending : Math.Min(job.Pending, budget));
            int position = job.Branch.Kv!.Length;
            if (!TryExtend(step, job, rows))
                continue;
            step.Add(job, CollectionsMarshal.AsSpan(job.Tokens).Slice(position, rows), position, outputs);
            isFirst = false;
            budget -= rows;
            if (budget <= 0)
                return;
        }
    }

    private static readonly Comparison<Job> ByNeed = (a, b) =>
        a.Group.Priority != b.Group.Priority ? b.Group.Priority.CompareTo(a.Group.Priority) : a.Group.Served.CompareTo(b.Group.Served);

    /// <summary>Makes room for rows of a job. False if it must wait, or has failed since it is alone and the memory does not hold it.</summary>
    private bool TryExtend(Step step, Job job, int rows)
    {
        while (!job.Branch.Kv!.TryExtend(rows))
        {
            if (TakeMemory(step, job))
                continue;
            if (step.Picks.Length == 0)
                end(job, pool.DoesNotHold($"{job.Branch.Kv.Length + rows} tokens of one branch; raise it or ask for less"));
            return false;
        }
        return true;
    }

    /// <summary>Takes the memory of another branch: of one that rests, or of the job that came last and is not part of the step yet.</summary>
    private bool TakeMemory(Step step, Job needy)
    {
        if (resting.TakeOldest())
            return true;
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            var victim = _running[i];
            if (victim == needy || step.Contains(victim))
                continue;
            Stop(victim);
            resting.TakeMemoryOf(victim.Branch);
            _queue.PutBack(victim);
            counters.AddPreemption();
            _isShort = true;
            return true;
        }
        return false;
    }
}
