namespace Ponder.Models.Hub;

/// <summary>
/// A lock between processes on one blob: an open file that nobody else may open. It falls with the process that
/// holds it; the file stays, since deleting it could give two waiters a lock each.
/// </summary>
internal static class CacheLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the lock; disposing the result gives it back.</summary>
    /// <param name="path">The lock file.</param>
    /// <param name="waiting">Called once when another holds it.</param>
    /// <param name="stop">Ends the wait.</param>
    public static async Task<IDisposable> AcquireAsync(string path, Action waiting, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        for (bool told = false; ; told = true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException error) when (IsHeld(error))
            {
                if (!told)
                    waiting();
            }
            await Task.Delay(Pause, stop).ConfigureAwait(false);
        }
    }

    // ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK of flock on Linux (11) and on BSD and macOS (35).
    private static bool IsHeld(IOException error) =>
        OperatingSystem.IsWindows() ? (error.HResult & 0xffff) == 32 : error.HResult is 11 or 35;
}
