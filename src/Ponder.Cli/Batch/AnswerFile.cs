using System.Text;

namespace Ponder.Cli.Batch;

/// <summary>
/// The file that answers are appended to, a whole line at a time. What an earlier run wrote stays: it knows whose answers are there. Nobody
/// else can write to it meanwhile.
/// </summary>
internal sealed class AnswerFile : IDisposable
{
    private const int LongestLine = 1 << 30;                    // our own lines: as many tokens as a request may ask for

    private readonly FileStream _stream;
    private readonly HashSet<UInt128> _answered = [];
    private readonly Lock _writing = new();

    private AnswerFile(string path)
    {
        _stream = Open(path, FileMode.OpenOrCreate);
        try
        {
            long end = 0;
            foreach (var (line, id, isError) in Lines(_stream, path))
            {
                if (!line.IsWhole)
                {
                    DroppedTornLine = true;
                    break;
                }
                end = line.End;
                if (line.IsBlank)
                    continue;
                _answered.Add(id.Hash());
                Errors += isError ? 1 : 0;
            }
            _stream.SetLength(end);
            _stream.Position = end;
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>Errors of earlier runs that stay.</summary>
    public int Errors { get; }

    /// <summary>An earlier run was cut off in the middle of a line, which is gone now.</summary>
    public bool DroppedTornLine { get; }

    /// <summary>Opens a file of answers, or begins one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dropErrors">Takes the errors of earlier runs out of it, so that their requests run again.</param>
    /// <exception cref="UsageException">It cannot be written, something else writes to it, or it holds other things than answers.</exception>
    public static AnswerFile Open(string path, bool dropErrors)
    {
        try
        {
            if (dropErrors && File.Exists(path))
                DropErrors(path);
            return new AnswerFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"{path}: it cannot be written: {CommandLine.Sentence(e).TrimEnd('.')}.", e);
        }
    }

    /// <summary>A request has its answer, or its error, from an earlier run.</summary>
    public bool Holds(UInt128 id) => _answered.Contains(id);

    /// <summary>Writes a line; it is the operating system's when the call returns.</summary>
    public void Append(string line)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_writing)
            _stream.Write(bytes);                               // one write, unbuffered: only a full disk or a lost machine tears it
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    /// <summary>Writes the file anew without its errors; it is replaced in one step, so that no answer can be lost.</summary>
    private static void DropErrors(string path)
    {
        path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        string draft = path + ".new";
        try
        {
            using (var old = Open(path, FileMode.Open))
            using (var kept = new FileStream(draft, FileMode.Create, FileAccess.Write))
            {
                foreach (var (line, _, isError) in Lines(old, path))
                {
                    if (isError)
                        continue;
                    kept.Write(line.Text.Span);
                    kept.Write(line.IsWhole ? "\n"u8 : default);
                }
                kept.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    /// <summary>The lines; the last may be torn or blank, and has no id then.</summary>
    /// <exception cref="UsageException">A line is no answer: what else the file is, it is not ours to write to.</exception>
    private static IEnumerable<(Line Line, RequestId Id, bool IsError)> Lines(FileStream stream, string path)
    {
        var lines = new LineReader(stream, LongestLine);
        while (lines.TryRead(out var line))
        {
            if (line.IsWhole ? AnswerLine.TryRead(line.Text, out var id, out bool isError) : Torn(line, out id, out isError))
                yield return (line, id, isError);
            else if (line is { IsWhole: true, IsBlank: true })
                yield return (line, default, false);
            else
                throw new UsageException($"{path}: line {line.Number} is no answer of 'ponder batch'; name another file, so that nothing is lost.");
        }
    }

    private static bool Torn(Line line, out RequestId id, out bool isError)
    {
        (id, isError) = (default, false);
        return !line.IsTooLong && AnswerLine.MayBeTorn(line.Text.Span);
    }

    // FileShare.None also keeps a second run, and a request file under another name, away.
    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
}
