using Ponder.Reasoning.Auto;

namespace Ponder.Reasoning.Tests.Auto;

public sealed class AutoPlannerTests
{
    private static readonly TaskCalibration Two = Tables.Task(
        Tables.Entry("majority samples=10", 100, 0.5, 0.9, 0.4, 0.2), Tables.Entry("majority samples=40", 400, 0.6, 0.95, 0.5, 0.35),
        Tables.Entry("rebase width=8", 100, 0.55, 0.7, 0.6, 0.35), Tables.Entry("rebase width=36", 400, 0.58, 0.72, 0.62, 0.4));

    [Theory]
    [InlineData(100, "rebase width=8", 0.55)]
    [InlineData(400, "majority samples=40", 0.6)]
    [InlineData(200, "rebase width=17", 0.565)]                 // half way in the logarithm: 12.5 and 11.1 tokens a unit are 11.8; majority 0.55
    [InlineData(50, "rebase width=4", null)]
    public void The_best_at_the_budget_is_chosen_at_a_size_that_fits(double limit, string expected, double? accuracy)
    {
        var plan = Plan(Two, limit);
        plan.Chosen.Text.ShouldBe(expected);
        if (accuracy is double known)
            plan.Chosen.Expected.ShouldBe(known, 1e-9);
        plan.Chosen.Tokens.ShouldBe(limit);
    }

    [Fact]
    public void Below_the_least_budget_less_is_expected_and_beyond_the_largest_no_less()
    {
        Plan(Two, 50).Chosen.Expected.ShouldBeLessThan(Plan(Two, 100).Chosen.Expected);
        Plan(Two, 4000).Chosen.Expected.ShouldBeGreaterThanOrEqualTo(0.6);
        Plan(Two, 4000).Chosen.Text.ShouldBe("majority samples=400");
    }

    [Theory]
    [InlineData(Difficulty.Easy, "majority samples=10")]
    [InlineData(Difficulty.Medium, "rebase width=8")]
    [InlineData(Difficulty.Hard, "rebase width=8")]
    public void What_is_known_of_the_problem_decides(Difficulty difficulty, string expected) => Plan(Two, 100, difficulty).Chosen.Text.ShouldBe(expected);

    [Fact]
    public void Probes_are_answers_to_a_vote_and_lost_to_a_search()
    {
        var planner = new AutoPlanner(Two, Two.Entries, 0);
        planner.Plan(100, Difficulty.Easy, probes: 40)!.Chosen.ShouldSatisfyAllConditions(
            chosen => chosen.Text.ShouldBe("majority samples=10"), chosen => chosen.Tokens.ShouldBe(100));
        planner.Plan(100, Difficulty.Medium, probes: 40)!.Chosen.ShouldSatisfyAllConditions(
            chosen => chosen.Text.ShouldBe("rebase width=5"), chosen => chosen.Tokens.ShouldBe(60));       // 60 / 12.5 = 4.8
    }

    [Fact]
    public void Spending_ends_where_the_next_answer_does_not_pay_its_price()
    {
        var law = new SaturationLaw(0.8, 0.5);
        var task = Tables.Task(Tables.Entry("majority samples=10", 100, law.At(10)), Tables.Entry("majority samples=100", 1000, law.At(100))) with
        {
            Laws = [new FamilyLaw("majority", Difficulty.All, law)],
        };
        // 50 points for 1,000 tokens are 0.005 for the 10 tokens of an answer: ln(0.005 / 0.4) / ln(0.5) = 6.3 answers.
        new AutoPlanner(task, task.Entries, 50).Plan(1000)!.Chosen.ShouldSatisfyAllConditions(
            chosen => chosen.Tokens.ShouldBe(70), chosen => chosen.Text.ShouldBe("majority samples=7"));
        new AutoPlanner(task, task.Entries, 0).Plan(1000)!.Chosen.Tokens.ShouldBe(1000);
        // Without a limit to where an answer adds a tenth of a point: 8.6 answers.
        new AutoPlanner(task, task.Entries, 0).Plan(null)!.Chosen.Tokens.ShouldBe(90);
        new AutoPlanner(task, task.Entries, 0).Plan(1000)!.Saturation.ShouldBe(90);
    }

    [Fact]
    public void What_is_a_little_better_at_a_high_price_is_not_chosen()
    {
        var task = Tables.Task(Tables.Entry("majority samples=10", 100, 0.55), Tables.Entry("rebase width=10", 100, 0.56)) with
        {
            Laws = [new FamilyLaw("majority", Difficulty.All, new SaturationLaw(0.55, 0.9)), new FamilyLaw("rebase", Difficulty.All, new SaturationLaw(0.6, 0.2))],
        };
        new AutoPlanner(task, task.Entries, 0).Plan(100)!.Chosen.Family.Name.ShouldBe("rebase");
        // 30 points for 1,000 tokens: 0.003 for an answer. The vote ends at 3 of them, the search at the 10 that there are: 0.021 for the 70 tokens between.
        new AutoPlanner(task, task.Entries, 30).Plan(100)!.Chosen.Text.ShouldBe("majority samples=3");
    }

    [Fact]
    public void Who_is_misled_by_a_judge_draws_no_more_than_is_best()
    {
        var task = Tables.Task(Tables.Entry("best-of-n samples=40", 400, 0.5)) with
        {
            Judges = [new JudgeCurve("script", IsVerifier: false, 0.2, BestSamples: 4, Falls: true, [new JudgePoint(4, 0.6), new JudgePoint(40, 0.5)])],
        };
        Plan(task, 400).Chosen.ShouldSatisfyAllConditions(
            chosen => chosen.Tokens.ShouldBe(40), chosen => chosen.Text.ShouldBe("best-of-n samples=4"), chosen => chosen.Expected.ShouldBe(0.6));
        Plan(task with { Judges = [task.Judges[0] with { Falls = false }] }, 400).Chosen.Text.ShouldBe("best-of-n samples=40");
        Plan(task with { Judges = [task.Judges[0] with { IsVerifier = true }] }, 400).Chosen.Text.ShouldBe("best-of-n samples=40");
    }

    [Fact]
    public void Less_of_the_budget_is_spent_where_less_is_clearly_better()
    {
        Plan(Tables.Task(Tables.Entry("rebase width=10", 100, 0.6), Tables.Entry("rebase width=40", 400, 0.5)), 400).Chosen.Text.ShouldBe("rebase width=10");
        Plan(Tables.Task(Tables.Entry("rebase width=10", 100, 0.505), Tables.Entry("rebase width=40", 400, 0.5)), 400).Chosen.Text.ShouldBe("rebase width=40");
    }

    [Fact]
    public void The_choice_is_explained_in_a_line()
    {
        var task = Two with { Laws = [new FamilyLaw("rebase", Difficulty.All, new SaturationLaw(0.58, 0.3))] };
        // ln(0.001 / 0.174) / ln(0.7) = 14.5 answers of 10 tokens.
        Plan(task, 100).Text.ShouldBe("auto: rebase width=8 with 100 tokens, expected 0.55 (majority 0.50); saturates near 150 tokens.");
        Plan(task, 100, Difficulty.Easy).Text.ShouldStartWith("auto: it looks easy: majority samples=10 with 100 tokens, expected 0.90 (rebase 0.70); saturates near ");
    }

    [Fact]
    public void Nothing_to_choose_from_is_no_plan() => new AutoPlanner(Two, [], 0).Plan(100).ShouldBeNull();

    private static AutoPlan Plan(TaskCalibration task, double limit, Difficulty difficulty = Difficulty.All) =>
        new AutoPlanner(task, task.Entries, 0).Plan(limit, difficulty)!;
}
