using Ponder.Numerics.Memory;

namespace Ponder.Inference.Branches.Saving;

/// <summary>A stream in native memory, in pieces: it holds more than an array can, and never copies what it has.</summary>
internal sealed class ChunkedMemory : Stream
{
    private const int ChunkBytes = 1 << 22;

    private readonly List<NativeBuffer<byte>> _chunks = [];
    private long _length, _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, _length);
            _position = value;
        }
    }

    /// <summary>What lies at the position, as far as it lies in one piece; empty at the end.</summary>
    public ReadOnlySpan<byte> Rest
    {
        get
        {
            int start = (int)(_position % ChunkBytes);
            int count = (int)Math.Min(ChunkBytes - start, _length - _position);
            return count == 0 ? [] : _chunks[(int)(_position / ChunkBytes)].Span.Slice(start, count);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="Numerics.PonderException">The system has no memory left.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (_position / ChunkBytes == _chunks.Count)
                _chunks.Add(new NativeBuffer<byte>(ChunkBytes));
            var room = _chunks[(int)(_position / ChunkBytes)].Span[(int)(_position % ChunkBytes)..];
            int count = Math.Min(room.Length, buffer.Length);
            buffer[..count].CopyTo(room);
            buffer = buffer[count..];
            _position += count;
            _length = Math.Max(_length, _position);
        }
    }

    public override int Read(Span<byte> buffer)
    {
        int read = 0;
        while (read < buffer.Length && Rest is { Length: > 0 } rest)
        {
            int count = Math.Min(rest.Length, buffer.Length - read);
            rest[..count].CopyTo(buffer[read..]);
            read += count;
            _position += count;
        }
        return read;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        foreach (var chunk in _chunks)
            chunk.Dispose();
        _chunks.Clear();
        (_length, _position) = (0, 0);
        base.Dispose(disposing);
    }
}
