using System.Globalization;
using Ponder.Cli.Solving;
using Ponder.Reasoning.Comparison;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Comparing;

/// <summary>A grid while it runs: which cell, how much is done, and how accurate each strategy was so far.</summary>
/// <param name="grid">The grid.</param>
/// <param name="all">Problems of all cells.</param>
/// <param name="before">Those that an earlier run had done.</param>
internal sealed class CompareBoard(ComparisonGrid grid, int all, int before) : IBoard
{
    private const int Bar = 40;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Right, int Done)> _byStrategy = grid.Strategies.ToDictionary(strategy => strategy, _ => (0, 0));
    private GridCell? _cell;
    private long _tokens;
    private int _done;

    /// <summary>A cell begins.</summary>
    public void Begin(GridCell cell)
    {
        lock (_gate)
            _cell = cell;
    }

    /// <summary>A problem is done.</summary>
    public void End(CellResult result)
    {
        lock (_gate)
        {
            var (right, done) = _byStrategy[result.Cell.Strategy];
            _byStrategy[result.Cell.Strategy] = (right + (result.IsCorrect ? 1 : 0), done + 1);
            _done++;
        }
    }

    /// <inheritdoc/>
    public void Take(int problem, SolveEvent what)
    {
        if (what is SolveEvent.Spent(var step, _))
            Interlocked.Add(ref _tokens, step.GeneratedTokens);
    }

    /// <inheritdoc/>
    public void End(Outcome outcome, Digest digest)
    {
        // Results say it: they know their cell.
    }

    /// <inheritdoc/>
    public IReadOnlyList<BoardLine> Lines(int width, int height, TimeSpan elapsed)
    {
        lock (_gate)
        {
            int done = before + _done, full = (int)((long)Bar * done / all);
            string left = _done > 0 && done < all
                ? string.Create(CultureInfo.InvariantCulture, $", about {elapsed.TotalSeconds / _done * (all - done):0} s left")
                : "";
            string cell = _cell is null ? "measuring how long answers are" : $"{_cell.Sized}, {TokenBudgets.Name(_cell.Budget)} tokens, seed {_cell.Seed}";
            string tokens = Units.Times(Interlocked.Read(ref _tokens), "token");
            string[] lines =
            [
                $"{new string('█', full)}{new string('░', Bar - full)} {Units.Count(done)} of {Units.Count(all)}",
                cell,
                string.Create(CultureInfo.InvariantCulture, $"{tokens}, {elapsed.TotalSeconds:0.0} s{left}"),
                .. _byStrategy.Where(pair => pair.Value.Done > 0).Select(pair =>
                    string.Create(CultureInfo.InvariantCulture, $"{(double)pair.Value.Right / pair.Value.Done:0.000}  {pair.Key}")),
            ];
            return [.. lines.Take(height).Select(line => (BoardLine)Units.OneLine(line, width))];
        }
    }
}
