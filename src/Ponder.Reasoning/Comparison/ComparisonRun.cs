using System.Diagnostics;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Comparison;

/// <summary>Runs a grid, cell by cell, and goes on with what is missing of it. The same seeds give the same results, however often it was cut off.</summary>
public sealed class ComparisonRun
{
    private readonly IReadOnlyList<Problem> _problems;
    private readonly List<(GridCell Cell, Solver Solver)> _left = [];
    private readonly CellFile _file;

    /// <summary>Prepares the cells that are not done: what is wrong with any of them is said before anything is computed.</summary>
    /// <param name="cells">The grid's cells.</param>
    /// <param name="problems">What each is tried on.</param>
    /// <param name="policy">Who thinks.</param>
    /// <param name="settings">How; the budget of tokens and the seed are the cells'.</param>
    /// <param name="file">Where results go, and where those of earlier runs are.</param>
    /// <param name="parallel">Problems that are thought about at the same time in a cell; at least 1.</param>
    /// <exception cref="StrategyException">A strategy needs what the policy or the settings do not have.</exception>
    public ComparisonRun(
        IReadOnlyList<GridCell> cells, IReadOnlyList<Problem> problems, IPolicy policy, SolveSettings settings, CellFile file, Func<GridCell, int> parallel)
    {
        ArgumentNullException.ThrowIfNull(cells);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(parallel);
        (_problems, _file) = (problems, file);
        foreach (var cell in cells)
        {
            int done = file.Of(cell).Count;
            if (done == problems.Count)
                continue;
            var own = settings with { Budget = new Budget { Tokens = cell.Budget }, Seed = cell.Seed };
            _left.Add((cell, new Solver(policy, StrategyText.Create(cell.Sized), own) { Parallel = parallel(cell), First = done }));
        }
    }

    /// <summary>Bytes of KV memory that a token of the policy takes; NaN where nobody knows.</summary>
    public double KvBytesPerToken { get; init; } = double.NaN;

    /// <summary>Told when a cell begins.</summary>
    public Action<GridCell>? OnCell { get; init; }

    /// <summary>Told when a problem is done, after its result was written.</summary>
    public Action<CellResult, Outcome>? OnResult { get; init; }

    /// <summary>Told what happens, with the problem's place among those that were left of its cell; from any thread, and must return quickly.</summary>
    public Action<int, SolveEvent>? Observer { get; init; }

    /// <summary>Runs what is missing.</summary>
    /// <param name="stop">Cancels within one step; what is done stays done.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task RunAsync(CancellationToken stop = default)
    {
        foreach (var (cell, solver) in _left)
        {
            OnCell?.Invoke(cell);
            int number = solver.First;
            long last = Stopwatch.GetTimestamp();
            await foreach (var outcome in solver.SolveAsync([.. _problems.Skip(number)], Observer, stop).ConfigureAwait(false))
            {
                long now = Stopwatch.GetTimestamp();
                var result = CellResult.Of(cell, ++number, outcome, Stopwatch.GetElapsedTime(last, now), KvBytesPerToken);
                last = now;
                _file.Add(result);
                OnResult?.Invoke(result, outcome);
            }
        }
    }
}
