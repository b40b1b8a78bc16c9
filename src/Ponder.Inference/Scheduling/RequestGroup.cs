using Ponder.Inference.Kv;

namespace Ponder.Inference.Scheduling;

/// <summary>Branches of one origin: what they do is weighed together against other requests, and counted together.</summary>
internal sealed class RequestGroup(int priority)
{
    /// <summary>Higher ones go first.</summary>
    public int Priority { get; } = priority;

    /// <summary>Rows computed for the group, counted from where the others stood when it came: who has had least goes first.</summary>
    public long Served { get; set; }

    /// <summary>Jobs of the group that take part in steps.</summary>
    public int Running { get; set; }

    /// <summary>Its jobs that wait, in order.</summary>
    public LinkedList<Job> Waiting { get; } = [];

    /// <summary>The latest step that the group took part in.</summary>
    public long LastStep { get; set; } = -1;

    /// <summary>The unique KV pages of the group.</summary>
    public KvMeter Meter { get; } = new();

    /// <summary>What was computed for the group.</summary>
    public TokenCounts Tokens { get; } = new();
}
