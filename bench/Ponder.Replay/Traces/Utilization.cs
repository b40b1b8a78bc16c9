namespace Ponder.Replay.Traces;

/// <summary>How busy a trace keeps a server that computes everything at its capacity, in order, without waiting for company.</summary>
internal static class Utilization
{
    /// <summary>What arrival times must be multiplied by, so that this server is busy for a part of the time from the first arrival to its last token.</summary>
    /// <param name="requests">In order of arrival, at least two, not all at the same time.</param>
    /// <param name="seconds">What all of them take at capacity; each a part by its tokens.</param>
    /// <param name="load">The part, above 0 and below 1.</param>
    public static double Stretch(IReadOnlyList<TracedRequest> requests, double seconds, double load)
    {
        double low = 0, high = 1;
        while (Busy(requests, seconds, high) > load)
            high *= 2;
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            (low, high) = Busy(requests, seconds, middle) > load ? (middle, high) : (low, middle);
        }
        return high;
    }

    private static double Busy(IReadOnlyList<TracedRequest> requests, double seconds, double stretch)
    {
        double tokens = requests.Sum(request => request.Prompt + request.Answer), end = 0;
        foreach (var request in requests)
            end = Math.Max(end, request.Arrival * stretch) + (request.Prompt + request.Answer) / tokens * seconds;
        return seconds / end;
    }
}
