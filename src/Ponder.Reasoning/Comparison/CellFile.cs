using System.Text;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Comparison;

/// <summary>
/// The results of a grid, a line each, in the order in which they came: a cell's problems one after another. What an earlier run wrote stays, so that
/// a grid that was cut off goes on where it was. Nobody else can write to it meanwhile.
/// </summary>
public sealed class CellFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly Dictionary<GridCell, List<CellResult>> _results = [];

    private CellFile(FileStream stream) => _stream = stream;

    /// <summary>An earlier run was cut off in the middle of a line, which is gone now.</summary>
    public bool DroppedTornLine { get; private set; }

    /// <summary>How many results there are.</summary>
    public int Count => _results.Values.Sum(results => results.Count);

    /// <summary>Opens the results of a grid, or begins them.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cells">The grid's cells.</param>
    /// <param name="problems">Its problems.</param>
    /// <exception cref="ComparisonException">The file cannot be read or written, something else writes to it, or a line is no result of this grid.</exception>
    public static CellFile Open(string path, IReadOnlyList<GridCell> cells, IReadOnlyList<Problem> problems)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(problems);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ComparisonException($"{path} cannot be written, or another run writes to it: {error.Message.TrimEnd('.')}.", error);
        }
        var file = new CellFile(stream);
        try
        {
            foreach (var cell in cells)
                file._results.Add(cell, []);
            file.ReadAll(path, problems);
            return file;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>The results of a cell so far: those of the first problems, in order.</summary>
    public IReadOnlyList<CellResult> Of(GridCell cell) => _results[cell];

    /// <summary>Writes a result; it is the operating system's when the call returns.</summary>
    public void Add(CellResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _stream.Write(Encoding.UTF8.GetBytes(CellLine.Write(result) + "\n"));      // one write: only a full disk or a lost machine tears it
        _results[result.Cell].Add(result);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void ReadAll(string path, IReadOnlyList<Problem> problems)
    {
        if (_stream.Length > Array.MaxLength)
            throw new ComparisonException($"{path} has {_stream.Length} bytes; results of a grid have at most {Array.MaxLength}.");
        byte[] bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        int whole = 0, number = 0;
        while (bytes.AsSpan(whole).IndexOf((byte)'\n') is >= 0 and int length)
        {
            number++;
            var result = CellLine.Read(bytes.AsMemory(whole, length));
            if (result is null || !_results.TryGetValue(result.Cell, out var before) || before.Count >= problems.Count
                || result.Number != before.Count + 1 || result.Problem != problems[before.Count].Id)
            {
                throw new ComparisonException($"{path}, line {number} is no result of this grid, or not the next one; take another folder, so that nothing is lost.");
            }
            before.Add(result);
            whole += length + 1;
        }
        DroppedTornLine = whole < bytes.Length;
        _stream.SetLength(whole);
        _stream.Position = whole;
    }
}
