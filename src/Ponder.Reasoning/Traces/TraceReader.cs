using System.Text;
using System.Text.Json;

namespace Ponder.Reasoning.Traces;

/// <summary>
/// Reads a trace line by line; <see cref="TraceWriter"/> describes them. The last line may be cut, as a run that was killed leaves it: what stands before it is
/// read, and <see cref="CutLine"/> tells.
/// </summary>
public sealed class TraceReader : IDisposable
{
    private const int LongestLine = 1 << 26;                    // characters
    private const int LongestBeginning = 1 << 16;               // of a first line: what is no trace at all is not read far

    private readonly StreamReader _text;
    private readonly StringBuilder _line = new();
    private readonly string _name;

    /// <summary>Opens a trace and reads its first line.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="TraceException">It is no trace.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public TraceReader(string path)
        : this(File.OpenRead(path), path)
    {
    }

    /// <summary>Reads a trace from a stream.</summary>
    /// <param name="file">The stream; it is disposed of with this.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="TraceException">It is no trace.</exception>
    public TraceReader(Stream file, string name)
    {
        (_text, _name) = (new StreamReader(file, Encoding.UTF8), name);
        try
        {
            if (ReadLine(LongestBeginning) is not { IsWhole: true } first)
                throw new TraceException(Line == 0 ? $"{name} is empty; a trace is written with 'ponder solve --trace FILE'." : $"{name} is cut in its first line, or no trace.");
            Head = Parsed(first.Text, TraceParser.Head);
        }
        catch
        {
            _text.Dispose();
            throw;
        }
    }

    /// <summary>What the run was.</summary>
    public TraceHead Head { get; }

    /// <summary>Lines read so far.</summary>
    public int Line { get; private set; }

    /// <summary>The number of the last line, from 1, where the file is cut within it; null while there is none.</summary>
    public int? CutLine { get; private set; }

    /// <summary>Reads the next line; null at the end.</summary>
    /// <exception cref="TraceException">A line cannot be read; it names the line.</exception>
    public TraceLine? Read()
    {
        while (CutLine is null && ReadLine(LongestLine) is var (text, isWhole))
        {
            if (text.Length == 0)
                continue;
            if (isWhole)
                return Parsed(text, TraceParser.Line);
            CutLine = Line;
        }
        return null;
    }

    /// <summary>Reads the rest.</summary>
    /// <inheritdoc cref="Read"/>
    public IEnumerable<TraceLine> ReadAll()
    {
        while (Read() is { } line)
            yield return line;
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    // A line is whole when it ends with a line feed: all that were written do.
    private (string Text, bool IsWhole)? ReadLine(int longest)
    {
        _line.Clear();
        int c;
        while ((c = _text.Read()) >= 0 && c != '\n')
        {
            if (_line.Length == longest)
                throw new TraceException($"Line {Line + 1} of {_name} is longer than a trace's can be; it is no trace.");
            _line.Append((char)c);
        }
        if (c < 0 && _line.Length == 0)
            return null;
        Line++;
        return (_line.ToString().TrimEnd('\r'), c == '\n');
    }

    private T Parsed<T>(string text, Func<JsonElement, T> parse)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return parse(document.RootElement);
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw new TraceException(error is FormatException ? $"Line {Line} of {_name} {error.Message}." : $"Line {Line} of {_name} is no JSON.");
        }
        catch (InvalidOperationException)
        {
            // A string with half a surrogate pair.
            throw new TraceException($"Line {Line} of {_name} has text that is no Unicode.");
        }
    }
}
