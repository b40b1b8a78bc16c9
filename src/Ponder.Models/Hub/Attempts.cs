using System.Globalization;

namespace Ponder.Models.Hub;

/// <summary>A failure that may pass by itself: a cut connection, a busy server.</summary>
/// <param name="reason">What happened, as a clause without a full stop.</param>
/// <param name="retryAfter">How long the server asks to wait, if it does.</param>
/// <param name="innerException">The cause, if there is one.</param>
internal sealed class TransientFailure(string reason, TimeSpan? retryAfter = null, Exception? innerException = null)
    : Exception(reason, innerException)
{
    public TimeSpan? RetryAfter => retryAfter;
}

/// <summary>Counts the failures in a row of one piece of work and waits between them, longer each time.</summary>
internal sealed class Attempts(HubOptions options, int most, string work, Action<string> note)
{
    private int _failed;

    /// <summary>Forgets the failures so far, because the work moved on.</summary>
    public void Reset() => _failed = 0;

    /// <summary>Waits before the next attempt.</summary>
    /// <exception cref="HubException">The attempts are used up, or the server asks for too long a pause.</exception>
    public async Task WaitAsync(TransientFailure failure, CancellationToken stop)
    {
        _failed++;
        if (failure.RetryAfter > options.LongestServerDelay)
        {
            throw new HubException(
                $"{work} failed: {failure.Message} and asks to wait {Seconds(failure.RetryAfter.Value)} s; pull again after that.",
                failure);
        }
        if (_failed >= most)
        {
            string count = _failed == 1 ? "" : $" {_failed} times in a row";
            throw new HubException($"{work} failed{count}: {failure.Message}; pull again later, what has come is kept.", failure);
        }

        var doubled = options.FirstDelay * Math.Pow(2, Math.Min(_failed - 1, 30));
        var delay = failure.RetryAfter ?? (doubled < options.LongestDelay ? doubled : options.LongestDelay);
        note($"{failure.Message}; trying again in {Seconds(delay)} s");
        await Task.Delay(delay, stop).ConfigureAwait(false);
    }

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
