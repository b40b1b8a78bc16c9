namespace Ponder.Models.Files;

/// <summary>
/// A file that appears under its name only when it is complete: it grows under a temporary name in the same folder and is renamed at
/// the end. Abandoned, it leaves nothing behind.
/// </summary>
public sealed class AtomicFile : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _done;

    /// <summary>Creates the temporary file.</summary>
    /// <exception cref="ModelFileException">The folder is absent or may not be written.</exception>
    public AtomicFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        _stream = Guarded(path, () => new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16));
    }

    /// <summary>Bytes so far.</summary>
    public long Position => _stream.Position;

    /// <summary>Appends bytes.</summary>
    /// <exception cref="ModelFileException">The system refuses, as when the disk is full.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException e)
        {
            throw Failed(_path, e);
        }
    }

    /// <summary>Gives the file its name, in place of one that is there.</summary>
    /// <exception cref="ModelFileException">The system refuses.</exception>
    public void Commit() => Guarded(_path, () =>
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        return _done = true;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_done)
            return;
        _done = true;
        try
        {
            _stream.Dispose();
        }
        catch (IOException)
        {
            // The buffer could not be written out; what it belongs to is deleted next.
        }
        File.Delete(_temporary);
    }

    private static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(path, e);
        }
    }

    private static ModelFileException Failed(string path, Exception e) => new(path, $"it cannot be written: {e.Message}", e);
}
