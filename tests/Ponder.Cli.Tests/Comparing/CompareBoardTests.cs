using Ponder.Cli.Comparing;
using Ponder.Reasoning.Comparison;

namespace Ponder.Cli.Tests.Comparing;

public sealed class CompareBoardTests
{
    [Fact]
    public void It_shows_the_cell_what_is_done_and_how_accurate_each_strategy_was()
    {
        var grid = new ComparisonGrid(["single"], "majority", [1_000], [3]);
        var board = new CompareBoard(grid, all: 40, before: 10);
        var cell = grid.Cells(answerTokens: 100)[0];
        board.Begin(cell);
        for (int i = 0; i < 10; i++)
            board.End(new CellResult { Cell = cell, Number = i + 1, Problem = $"{i}", IsCorrect = i < 3 });
        board.Lines(80, 30, TimeSpan.FromSeconds(5)).Select(line => line.ToString()).ShouldBe(
        [
            $"{new string('█', 20)}{new string('░', 20)} 20 of 40",
            "majority samples=10, 1k tokens, seed 3",
            "0 tokens, 5.0 s, about 10 s left",
            "0.300  majority",
        ]);
        board.Lines(20, 30, TimeSpan.Zero).ShouldAllBe(line => line.ToString().Length <= 20);
    }
}
