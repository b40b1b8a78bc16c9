using Ponder.Reasoning.Comparison;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Comparison;

public sealed class ComparisonGridTests
{
    [Fact]
    public void The_control_joins_the_strategies_unless_it_is_one_of_them()
    {
        new ComparisonGrid(["rebase", "single"], "majority", [100], [1]).Strategies.ShouldBe(["majority", "rebase", "single"]);
        new ComparisonGrid(["rebase", " majority "], "majority", [100], [1]).Strategies.ShouldBe(["rebase", "majority"]);
        // The control of a budget is fitted to it: one with a size of its own is another strategy.
        new ComparisonGrid(["majority samples=4"], "majority", [100], [1]).Strategies.ShouldBe(["majority", "majority samples=4"]);
    }

    [Fact]
    public void Cells_are_fitted_to_their_budgets_and_run_seed_by_seed()
    {
        var grid = new ComparisonGrid(["rebase width=2", "single"], "majority", [100, 40], [7, 8]);
        grid.Cells(answerTokens: 10).Select(cell => (cell.Sized, cell.Budget, cell.Seed)).ShouldBe(
        [
            ("majority samples=4", 40, 7), ("rebase width=2", 40, 7), ("single", 40, 7),
            ("majority samples=10", 100, 7), ("rebase width=2", 100, 7), ("single", 100, 7),
            ("majority samples=4", 40, 8), ("rebase width=2", 40, 8), ("single", 40, 8),
            ("majority samples=10", 100, 8), ("rebase width=2", 100, 8), ("single", 100, 8),
        ]);
    }

    [Fact]
    public void What_is_empty_or_stands_twice_is_refused()
    {
        Should.Throw<ComparisonException>(() => new ComparisonGrid([], "majority", [1], [1])).Message.ShouldContain("no strategy");
        Should.Throw<ComparisonException>(() => new ComparisonGrid(["single"], "majority", [], [1])).Message.ShouldContain("no budget");
        Should.Throw<ComparisonException>(() => new ComparisonGrid(["single"], "majority", [1], [])).Message.ShouldContain("no seed");
        Should.Throw<ComparisonException>(() => new ComparisonGrid(["single"], "majority", [0], [1])).Message.ShouldContain("0 tokens");
        Should.Throw<ComparisonException>(() => new ComparisonGrid(["rebase  width=2", "rebase width=2"], "majority", [1], [1])).Message.ShouldContain("'rebase width=2' stands twice");
        Should.Throw<StrategyException>(() => new ComparisonGrid(["rebase width=0"], "majority", [1], [1])).Message.ShouldContain("width");
        Should.Throw<StrategyException>(() => new ComparisonGrid(["rebate"], "majority", [1], [1])).Message.ShouldContain("rebase");
    }

    [Theory]
    [InlineData("16k, 1k,4K", new long[] { 1_000, 4_000, 16_000 })]
    [InlineData("130,1.5k,2M", new long[] { 130, 1_500, 2_000_000 })]
    public void Budgets_are_read_as_people_write_them(string list, long[] budgets) => TokenBudgets.Parse(list).ShouldBe(budgets);

    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("k")]
    [InlineData("0.5")]
    [InlineData("1.2345k")]
    [InlineData("1e3")]
    [InlineData("99999999999999999999999M")]
    [InlineData("1k,1000")]
    public void Budgets_that_are_none_are_refused(string list) => Should.Throw<ComparisonException>(() => TokenBudgets.Parse(list));

    [Theory]
    [InlineData(530, "530")]
    [InlineData(1_500, "1500")]
    [InlineData(4_000, "4k")]
    [InlineData(2_000_000, "2M")]
    public void Budgets_are_written_so_that_they_can_be_read_again(long tokens, string name)
    {
        TokenBudgets.Name(tokens).ShouldBe(name);
        TokenBudgets.Parse(name).ShouldBe([tokens]);
    }
}
