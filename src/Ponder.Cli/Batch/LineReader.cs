namespace Ponder.Cli.Batch;

/// <summary>One line of a file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Start">The offset of its first byte.</param>
/// <param name="End">The offset after its newline.</param>
/// <param name="Text">Without the newline; empty where it is too long. Valid until the next line is read.</param>
/// <param name="IsTooLong">It has more bytes than the reader takes.</param>
/// <param name="IsWhole">It ends with a newline; only the last line may lack one.</param>
internal readonly record struct Line(long Number, long Start, long End, ReadOnlyMemory<byte> Text, bool IsTooLong, bool IsWhole)
{
    /// <summary>There is nothing on it.</summary>
    public bool IsBlank => !IsTooLong && Text.Span.Trim(" \t\r"u8).IsEmpty;
}

/// <summary>Reads a file of any size line by line; it holds one line at a time, and no more of that than a limit.</summary>
/// <param name="stream">Read from where it stands, which counts as offset 0.</param>
/// <param name="longest">Most bytes of a line.</param>
internal sealed class LineReader(Stream stream, int longest)
{
    private const int FirstBytes = 1 << 16;

    private byte[] _buffer = new byte[FirstBytes];
    private int _begin, _end;                                   // what is read and not given out
    private long _offset;                                       // of _buffer[_begin]
    private long _number;

    /// <summary>Reads the next line; false at the end.</summary>
    public bool TryRead(out Line line)
    {
        long start = _offset;
        int scanned = 0;
        bool tooLong = false;
        while (true)
        {
            int newline = _buffer.AsSpan(_begin + scanned, _end - _begin - scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                line = Take(start, scanned + newline, tooLong, isWhole: true);
                return true;
            }
            scanned = _end - _begin;
            if (scanned > longest)
            {
                tooLong = true;
                Skip(scanned);
                scanned = 0;
            }
            if (Fill())
                continue;
            if (scanned == 0 && !tooLong)
            {
                line = default;
                return false;
            }
            line = Take(start, scanned, tooLong, isWhole: false);
            return true;
        }
    }

    private Line Take(long start, int length, bool tooLong, bool isWhole)
    {
        tooLong |= length > longest;
        var text = tooLong ? default : _buffer.AsMemory(_begin, length);
        // Some editors begin a file with a byte order mark.
        if (start == 0 && text.Span.StartsWith("\uFEFF"u8))
            text = text[3..];
        Skip(isWhole ? length + 1 : length);
        return new Line(++_number, start, _offset, text, tooLong, isWhole);
    }

    private void Skip(int bytes)
    {
        _begin += bytes;
        _offset += bytes;
    }

    private bool Fill()
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin.._end).CopyTo(_buffer);
            (_begin, _end) = (0, _end - _begin);
        }
        if (_end == _buffer.Length)
            Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, Array.MaxLength));
        int read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        return read > 0;
    }
}
