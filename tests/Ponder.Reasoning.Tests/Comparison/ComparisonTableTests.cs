using Ponder.Reasoning.Comparison;

namespace Ponder.Reasoning.Tests.Comparison;

public sealed class ComparisonTableTests
{
    private static readonly ComparisonGrid Grid = new(["single", "rebase"], "majority", [10, 20], [1, 2]);

    [Fact]
    public void Points_are_means_over_seeds_and_problems()
    {
        // Right on even problems with the first seed, on none with the second: half of the eight problems half of the time.
        var table = Table(8, (cell, problem) => cell.Seed == 1 && problem % 2 == 0);
        table.Problems.ShouldBe(8);
        table.Points.Count.ShouldBe(6);
        var point = table.Points[0];
        (point.Strategy, point.Budget).ShouldBe(("majority", 10));
        point.Accuracy.Estimate.ShouldBe(0.25);
        point.Accuracy.Low.ShouldBeInRange(0, 0.25);
        point.Accuracy.High.ShouldBeInRange(0.25, 0.5);
        point.Cost(CostAxis.Tokens).ShouldBe(10);
        point.Cost(CostAxis.TokensWithReward).ShouldBe(13);
        point.Cost(CostAxis.AverageKv).ShouldBe(double.NaN, "nobody said how many bytes a token takes");
        point.RewardTokens.ShouldBe(3);
        point.AgainstControl.ShouldBeNull();
    }

    [Fact]
    public void A_strategy_that_does_not_beat_the_control_says_so()
    {
        // The control is right on half of 40 problems; rebase on all of them at the larger budget, single on none at all.
        var table = Table(40, (cell, problem) => cell.Strategy switch
        {
            "majority" => problem % 2 == 0,
            "rebase" => cell.Budget == 20 || problem % 2 == 0,
            _ => false,
        });
        Verdicts(table, "rebase").ShouldBe([ComparisonVerdict.NoClearDifference, ComparisonVerdict.Better]);
        Verdicts(table, "single").ShouldBe([ComparisonVerdict.Worse, ComparisonVerdict.Worse]);
        var better = table.Points.Single(point => point is { Strategy: "rebase", Budget: 20 }).AgainstControl!.Paired;
        (better.Difference.Estimate, better.FirstBetter, better.SecondBetter).ShouldBe((0.5, 20, 0));
        table.Findings.ShouldBe(
        [
            "single does not beat majority at any budget, and does worse at all of them.",
            "rebase beats majority at 20 tokens.",
        ]);
    }

    [Fact]
    public void A_few_problems_are_not_enough_for_a_verdict()
    {
        // All of five differ, and all one way: by chance that happens in one of sixteen comparisons of strategies that are alike.
        Verdicts(Table(5, (cell, _) => cell.Strategy == "rebase"), "rebase").ShouldAllBe(verdict => verdict == ComparisonVerdict.NoClearDifference);
        Verdicts(Table(6, (cell, _) => cell.Strategy == "rebase"), "rebase").ShouldAllBe(verdict => verdict == ComparisonVerdict.Better);
    }

    [Fact]
    public void The_front_holds_what_nothing_betters()
    {
        // A cheap one, a dear one that is better, one that is neither, two that are alike, and one whose cost nobody knows.
        ParetoFront.Of([(1, 0.2), (4, 0.9), (3, 0.1), (2, 0.5), (2, 0.5), (2, 0.4), (double.NaN, 1)])
            .ShouldBe([true, true, false, true, true, false, false]);
        ParetoFront.Of([]).ShouldBeEmpty();
    }

    [Fact]
    public void Fronts_are_found_over_all_budgets_and_by_each_cost()
    {
        var table = Table(4, (cell, problem) => cell.Strategy == "rebase" && problem < 2);
        var onFront = table.Points.Where(point => point.Front.Contains(CostAxis.Tokens)).Select(point => (point.Strategy, point.Budget));
        onFront.ShouldBe([("rebase", 10)], "the others have the same cost or more, and are right less often");
        table.Points.ShouldAllBe(point => !point.Front.Contains(CostAxis.PeakKv));
    }

    private static ComparisonTable Table(int problems, Func<GridCell, int, bool> isCorrect) => ComparisonTable.Of(
        Grid, Grid.Cells(answerTokens: 5), cell =>
        [
            .. Enumerable.Range(0, problems).Select(problem => new CellResult
            {
                Cell = cell, Number = problem + 1, Problem = $"{problem}", IsCorrect = isCorrect(cell, problem), Tokens = cell.Budget, RewardTokens = 3,
            }),
        ]);

    private static ComparisonVerdict[] Verdicts(ComparisonTable table, string strategy) =>
        [.. table.Points.Where(point => point.Strategy == strategy).Select(point => point.AgainstControl!.Verdict)];
}
