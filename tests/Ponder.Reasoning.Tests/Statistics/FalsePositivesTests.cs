using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Tests.Statistics;

public sealed class FalsePositivesTests
{
    [Fact]
    public void A_reward_that_likes_wrong_answers_makes_accuracy_fall()
    {
        // One sample of four is wrong and has the highest reward: it is among N of 4 with the chance N/4, and the rest are right.
        var estimate = FalsePositives.Estimate(Problems(20, ("b", false, 0.9), ("a", true, 0.2), ("a", true, 0.3), ("a", true, 0.4)));
        estimate.Curve.Select(point => point.Accuracy.Estimate).ShouldBe([0.75, 0.5, 0], 1e-12);
        estimate.Falls.ShouldBeTrue();
        (estimate.LeastBestN, estimate.BestN, estimate.MostBestN).ShouldBe((1, 1, 1));
        estimate.FalsePositiveRate.ShouldBe(new Interval(1, 1, 1));
        estimate.Text.ShouldBe("Best-of-N by this reward falls from 0.75 at N=1 to 0.00 at N=4: use N=1, or a vote (1.00 at N=4).");
    }

    [Fact]
    public void A_good_reward_makes_it_rise()
    {
        var estimate = FalsePositives.Estimate(Problems(20, ("b", false, 0.1), ("a", true, 0.9), ("c", false, 0.3), ("c", false, 0.4)));
        estimate.Curve.Select(point => point.Accuracy.Estimate).ShouldBe([0.25, 0.5, 1], 1e-12);
        estimate.Falls.ShouldBeFalse();
        estimate.BestN.ShouldBe(4);
        estimate.FalsePositiveRate!.Estimate.ShouldBe(0);
        estimate.Text.ShouldBe("Best-of-N by this reward rises from 0.25 at N=1 to 1.00 at N=4: use N=4.");
    }

    [Fact]
    public void A_rise_before_a_fall_is_told_with_its_top()
    {
        // Three in four problems have 3 right samples on top of 5 wrong ones: N helps. One in four has a wrong sample on top of 7 right ones: N hurts.
        LabelledProblem[] problems =
        [
            .. Problems(12, ("a", true, 0.9), ("a", true, 0.9), ("a", true, 0.9), ("b", false, 0.1), ("b", false, 0.1), ("b", false, 0.1), ("b", false, 0.1), ("b", false, 0.1)),
            .. Problems(4, ("b", false, 0.9), ("a", true, 0.5), ("a", true, 0.5), ("a", true, 0.5), ("a", true, 0.5), ("a", true, 0.5), ("a", true, 0.5), ("a", true, 0.5)),
        ];
        var estimate = FalsePositives.Estimate(problems);

        // Of 8: N=1 3/8 and 7/8; N=4 1 - C(5,4)/C(8,4) = 13/14 and 1/2; N=8 1 and 0.
        estimate.Curve.Select(point => point.Accuracy.Estimate).ShouldBe([0.5, 0.6696, 0.8214, 0.75], 1e-4);
        estimate.BestN.ShouldBe(4);
        estimate.LeastBestN.ShouldBeLessThanOrEqualTo(4);
        estimate.MostBestN.ShouldBe(8);
        estimate.Falls.ShouldBe(estimate.Loss.Difference.High < 0);
        estimate.FalsePositiveRate!.Estimate.ShouldBe(4 / 64.0, 1e-12);       // 12 * 5 + 4 wrong samples
    }

    [Fact]
    public void A_clear_fall_behind_the_top_names_three_points()
    {
        // One wrong sample on top, then two right ones, then five wrong ones. N=4 of 8: (C(7,4) - C(5,4)) / C(8,4) = 30/70; with all 8 the top wins.
        LabelledProblem[] problems = Problems(50, ("b", false, 0.9), ("a", true, 0.8), ("a", true, 0.7), ("c", false, 0.1), ("c", false, 0.1), ("c", false, 0.1), ("c", false, 0.1), ("c", false, 0.1));
        FalsePositives.Estimate(problems).Text.ShouldBe(
            "Best-of-N by this reward goes from 0.25 at N=1 over 0.43 at N=4 down to 0.00 at N=8: use N=4.");
    }

    [Fact]
    public void Few_problems_that_differ_show_no_clear_change()
    {
        LabelledProblem[] problems =
        [
            .. Problems(1, ("b", false, 0.9), ("a", true, 0.2)),
            .. Problems(1, ("a", true, 0.9), ("b", false, 0.2)),
            .. Problems(1, ("a", true, 0.9), ("b", false, 0.2)),
        ];
        var estimate = FalsePositives.Estimate(problems);
        (estimate.Falls, estimate.Rises).ShouldBe((false, false));
        estimate.Text.ShouldBe("Best-of-N by this reward goes from 0.50 at N=1 to 0.67 at N=2, no clear change on 3 problems: use N=1.");
    }

    [Fact]
    public void What_cannot_be_estimated_is_null_or_refused()
    {
        FalsePositives.Estimate(Problems(3, ("a", true, 0.9))).ShouldSatisfyAllConditions(
            e => e.FalsePositiveRate.ShouldBeNull(),
            e => e.Text.ShouldStartWith("With one sample a problem nothing can be said"));
        Should.Throw<ArgumentException>(() => FalsePositives.Estimate([new LabelledProblem("p9", [new("a", true)])])).Message.ShouldContain("p9");
        Should.Throw<ArgumentException>(() => FalsePositives.Estimate([new LabelledProblem("p9", [new("a", true, double.NaN)])])).Message.ShouldContain("p9");
        Should.Throw<ArgumentException>(() => FalsePositives.Estimate([]));
    }

    private static LabelledProblem[] Problems(int count, params (string Answer, bool IsCorrect, double Reward)[] samples) =>
        [.. Enumerable.Range(0, count).Select(i => new LabelledProblem($"{i}", [.. samples.Select(s => new LabelledSample(s.Answer, s.IsCorrect, s.Reward))]))];
}
