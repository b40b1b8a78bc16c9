using System.Buffers;

namespace Ponder.Models.Hub;

/// <summary>
/// A blob that is on its way: the file <c>HASH.incomplete</c> and the hash of what it holds. It gets its final name
/// only when every byte is there and the hash fits.
/// </summary>
internal sealed class PartialBlob : IAsyncDisposable
{
    private const int ReadSize = 1 << 20;

    private readonly string _path;
    private readonly string _expected;
    private readonly long _bytes;
    private readonly FileStream _file;
    private BlobHash _hash;

    private PartialBlob(string path, string expected, long bytes, FileStream file)
    {
        _path = path;
        _expected = expected;
        _bytes = bytes;
        _file = file;
        _hash = new BlobHash(expected, bytes);
    }

    /// <summary>How many bytes are on disk.</summary>
    public long Length { get; private set; }

    /// <summary>Opens what an earlier attempt left, and hashes it again, or begins anew.</summary>
    public static async Task<PartialBlob> OpenAsync(string path, string expected, long bytes, CancellationToken stop)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, useAsync: true);
        var partial = new PartialBlob(path, expected, bytes, file);
        try
        {
            if (file.Length > bytes)
                file.SetLength(0);
            await partial.HashContentAsync(stop).ConfigureAwait(false);
            return partial;
        }
        catch
        {
            await partial.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Adds bytes that arrived.</summary>
    public async Task AppendAsync(ReadOnlyMemory<byte> content)
    {
        // Not cancellable: file and hash must agree on what is there.
        await _file.WriteAsync(content, CancellationToken.None).ConfigureAwait(false);
        _hash.Append(content.Span);
        Length += content.Length;
    }

    /// <summary>Throws the bytes away and begins anew.</summary>
    public void Restart()
    {
        _file.SetLength(0);
        _file.Position = 0;
        Length = 0;
        _hash.Dispose();
        _hash = new BlobHash(_expected, _bytes);
    }

    /// <summary>Whether the whole content is the expected one.</summary>
    public bool Matches() => Length == _bytes && _hash.Matches();

    /// <summary>Gives the file its final name.</summary>
    public async Task KeepAsync(string path)
    {
        _file.Flush(flushToDisk: true);
        await DisposeAsync().ConfigureAwait(false);
        File.Move(_path, path, overwrite: true);
    }

    /// <summary>Removes the file.</summary>
    public async Task DiscardAsync()
    {
        await DisposeAsync().ConfigureAwait(false);
        File.Delete(_path);
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _file.DisposeAsync().ConfigureAwait(false);
    }

    private async Task HashContentAsync(CancellationToken stop)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            while (await _file.ReadAsync(buffer, stop).ConfigureAwait(false) is > 0 and var got)
            {
                _hash.Append(buffer.AsSpan(0, got));
                Length += got;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
