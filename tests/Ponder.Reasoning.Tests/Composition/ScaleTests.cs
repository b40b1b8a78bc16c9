using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Composition;

public sealed class ScaleTests
{
    // The first part is rated 1; the second 8 or 9, each as likely: 8.5.
    private static double Likely(ScriptedState state, string digit) =>
        state.Prompt.Contains("The part: " + Eggs.Second, StringComparison.Ordinal) ? (digit is "8" or "9" ? 0.3 : 0) : digit == "1" ? 0.9 : 0;

    private static readonly Scale Strategy = new(new SingleAnswer(), new Majority(3));

    [Fact]
    public async Task Easy_parts_are_solved_fast_and_hard_ones_slowly()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(Eggs.Reply(state.Prompt))) { Choice = Likely };
        using (var session = ScriptedSession.Open(policy, problem: Eggs.Problem))
        {
            var choice = await Strategy.SolveAsync(session);
            choice.Thought!.Answer.ShouldBe("10");
            session.Ledger.Steps.Select(step => (step.Name, step.Thoughts)).ShouldBe([("decompose", 1), ("ask", 2), ("sample", 1), ("sample", 3), ("sample", 1)]);
            policy.Prompts.Select(Eggs.RequestOf).ShouldBe(
                [Eggs.Request.Decompose, Eggs.Request.Rate, Eggs.Request.Rate, Eggs.Request.First, Eggs.Request.Second, Eggs.Request.Given]);
            policy.Prompts[4].ShouldContain($"- {Eggs.First} 12\n");
            session.Notes.ShouldBe(["The question was broken into 2 parts, 1 of them hard, with difficulties 1.0, 8.5."]);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task A_hard_part_gets_four_times_the_budget_of_an_easy_one()
    {
        string plan = Eggs.Reply("Break a question into");
        int planned = ScriptedPolicy.Words(plan).Count() + 1;
        var policy = new ScriptedPolicy(state => Eggs.RequestOf(state.Prompt) == Eggs.Request.Decompose
            ? ScriptedPolicy.Words(plan) : ScriptedPolicy.Words(string.Concat(Enumerable.Repeat("on ", 199))))
        {
            Choice = Likely,
        };
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = planned + 180 } }, Eggs.Problem);
        await new Scale(new SingleAnswer(), new SingleAnswer()).SolveAsync(session);
        session.Ledger.Steps.Where(step => step.Name == "sample").Select(step => step.GeneratedTokens).ShouldBe([30, 120, 30]);    // 1 : 4 : 1
    }

    [Theory]
    [InlineData("0", "single", 1)]
    [InlineData("7", "majority", 3)]
    public async Task A_question_that_stays_whole_is_rated_itself(string rating, string by, int samples)
    {
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("= 9")) { Choice = (_, digit) => digit == rating ? 1 : 0 };
        using var session = ScriptedSession.Open(policy, problem: Eggs.Problem);
        (await Strategy.SolveAsync(session)).Thought!.Answer.ShouldBe("9");
        session.Ledger.Samples.ShouldBe(samples);
        session.Notes.ShouldHaveSingleItem().ShouldContain($"answered by {by}");
    }

    [Fact]
    public async Task A_policy_that_tells_no_probabilities_says_the_digit()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            Eggs.RequestOf(state.Prompt) != Eggs.Request.Rate ? Eggs.Reply(state.Prompt)
            : state.Prompt.Contains("The part: " + Eggs.First, StringComparison.Ordinal) ? "I say 2." : "Hard to say"))
        {
            Features = PolicyFeatures.Branches,
        };
        using var session = ScriptedSession.Open(policy, problem: Eggs.Problem);
        await Strategy.SolveAsync(session);
        session.Notes.ShouldHaveSingleItem().ShouldEndWith("1 of them hard, with difficulties 2.0, unknown.");
    }

    [Fact]
    public async Task Without_all_results_the_question_is_as_hard_as_it_was()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            Eggs.RequestOf(state.Prompt) is Eggs.Request.First or Eggs.Request.Second ? "" : Eggs.Reply(state.Prompt)))
        {
            Choice = Likely,
        };
        using var session = ScriptedSession.Open(policy, problem: Eggs.Problem);
        (await Strategy.SolveAsync(session)).Thought!.Answer.ShouldBe("9");
        session.Ledger.Steps[^1].Thoughts.ShouldBe(3);
    }

    [Theory]
    [InlineData(true, 7.5)]
    [InlineData(false, 6)]
    public void A_score_is_the_mean_over_the_digits_or_the_likeliest(bool isExpected, double score) =>
        DigitScore.Of([0, 0, 0, 0, 0, 0, 0.2, 0, 0, 0.2], isExpected).ShouldBe(score);

    [Fact]
    public void Digits_that_are_all_as_likely_say_nothing()
    {
        DigitScore.Of([.. Enumerable.Repeat(0.1, 10)], true).ShouldBeNull();
        DigitScore.Of(new double[10], true).ShouldBeNull();
        DigitScore.Of([.. Enumerable.Repeat(double.NaN, 10)], true).ShouldBeNull();
    }
}
