namespace Ponder.Inference.Scheduling;

/// <summary>
/// The jobs that wait, by request. The next one is of the highest priority, then of the request that has had least (start-time fair queuing,
/// Goyal, Vin and Cheng, SIGCOMM 1996), then of the one that came first. Within a request jobs go in order.
/// </summary>
internal sealed class JobQueue
{
    private readonly List<Line> _lines = [];
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
        LinkedList<Job>? best = null;
        foreach (var line in _lines)
        {
            if (best is null || IsBefore(line.Jobs.First!.Value.Group, best.First!.Value.Group))
                best = line.Jobs;
        }
        return best?.First!.Value;
    }

    /// <summary>Takes a job out.</summary>
    /// <returns>False if it does not wait.</returns>
    public bool Remove(Job job)
    {
        var line = _lines.Find(line => line.Group == job.Group);
        if (line is null || !line.Jobs.Remove(job))
            return false;
        Count--;
        if (line.Jobs.Count == 0)
            _lines.Remove(line);
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
        List<Job> jobs = [.. _lines.SelectMany(line => line.Jobs)];
        _lines.Clear();
        Count = 0;
        return jobs;
    }

    private Line LineOf(RequestGroup group)
    {
        Count++;
        var line = _lines.Find(line => line.Group == group);
        if (line is not null)
            return line;
        if (group.Running == 0)
            group.Served = Math.Max(group.Served, _now);        // a request that was away saves up nothing
        line = new Line(group);
        _lines.Add(line);
        return line;
    }

    private static bool IsBefore(RequestGroup a, RequestGroup b) =>
        a.Priority != b.Priority ? a.Priority > b.Priority : a.Served < b.Served;

    private sealed class Line(RequestGroup group)
    {
        public RequestGroup Group => group;

        public LinkedList<Job> Jobs { get; } = [];

        public void AddFirst(Job job) => Jobs.AddFirst(job);

        public void AddLast(Job job) => Jobs.AddLast(job);
    }
}
