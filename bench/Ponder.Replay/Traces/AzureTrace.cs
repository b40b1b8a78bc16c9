using System.Globalization;

namespace Ponder.Replay.Traces;

/// <summary>A request of a trace.</summary>
/// <param name="Arrival">Seconds after the first.</param>
/// <param name="Prompt">Tokens.</param>
/// <param name="Answer">Tokens.</param>
internal sealed record TracedRequest(double Arrival, int Prompt, int Answer);

/// <summary>
/// The Azure LLM inference trace of 2023: a CSV file of arrival time, prompt tokens and generated tokens. Patel et al., "Splitwise", ISCA 2024.
/// </summary>
internal static class AzureTrace
{
    /// <summary>Reads the first requests.</summary>
    /// <param name="path">The file.</param>
    /// <param name="count">Most requests.</param>
    /// <param name="scale">Lengths are divided by it, to at least 1.</param>
    /// <exception cref="InvalidDataException">A line is no request.</exception>
    public static IReadOnlyList<TracedRequest> Read(string path, int count, int scale)
    {
        var requests = new List<TracedRequest>();
        DateTime first = default;
        int number = 1;
        foreach (string line in File.ReadLines(path).Skip(1).Where(line => line.Length > 0).Take(count))
        {
            number++;
            string[] fields = line.Split(',');
            if (fields.Length != 3 || !DateTime.TryParse(fields[0], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                || !int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out int prompt)
                || !int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out int answer))
            {
                throw new InvalidDataException($"{path}, line {number}: not a time, prompt tokens and generated tokens.");
            }
            if (requests.Count == 0)
                first = time;
            requests.Add(new TracedRequest((time - first).TotalSeconds, Math.Max(1, prompt / scale), Math.Max(1, answer / scale)));
        }
        return requests.Count > 1 ? requests : throw new InvalidDataException($"{path}: fewer than two requests.");
    }
}
