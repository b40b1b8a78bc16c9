namespace Ponder.Inference.Scheduling;

/// <summary>
/// The jobs that wait, by request. The next one is of the highest priority, then of the request that has had least (start-time fair queuing,
/// Goyal, Vin and Cheng, SIGCOMM 1996), then of the one that came first. Within a request jobs go in order.
/// </summary>
internal sealed class JobQueue
{
    private readonly List<RequestGroup> _groups = [];           // those with jobs that wait
    private long _now;                                          // what the request that was last picked had been served

    /// <summary>Jobs that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a job at the end of its request's line.</summary>
    public void Add(Job job) => LineOf(job.Group).AddLast(job);

    /// <summary>Puts a job back before all others of its request.</summary>
    public void PutBack(Job job) => LineOf(job.Group).AddFirst(job);

    /// <summary>The next job, which stays; null when none waits.</summary>
    public Job? Peek()
    {
        RequestGroup? best = null;
        foreach (var group in _groups)
            best = best is null || IsBefore(group, best) ? group : best;
        return best?.Waiting.First!.Value;
    }

    /// <summary>Takes a job out.</summary>
    /// <returns>False if it does not wait.</returns>
    public bool Remove(Job job)
    {
        if (!job.Group.Waiting.Remove(job))
            return false;
        Count--;
        if (job.Group.Waiting.Count == 0)
            _groups.Remove(job.Group);
        return true;
    }

    /// <summary>Takes the job that <see cref="Peek"/> gave.</summary>
    public void Take(Job job)
    {
        Remove(job);
        _now = Math.Max(_now, job.Group.Served);
    }

    /// <summary>Takes all jobs out.</summary>
    public List<Job> Clear()
    {
        List<Job> jobs = [.. _groups.SelectMany(group => group.Waiting)];
        _groups.ForEach(group => group.Waiting.Clear());
        _groups.Clear();
        Count = 0;
        return jobs;
    }

    private LinkedList<Job> LineOf(RequestGroup group)
    {
        Count++;
        if (group.Waiting.Count > 0)
            return group.Waiting;
        if (group.Running == 0)
            group.Served = Math.Max(group.Served, _now);        // a request that was away saves up nothing
        _groups.Add(group);
        return group.Waiting;
    }

    private static bool IsBefore(RequestGroup a, RequestGroup b) =>
        a.Priority != b.Priority ? a.Priority > b.Priority : a.Served < b.Served;
}
