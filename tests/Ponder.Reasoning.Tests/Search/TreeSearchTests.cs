using System.Globalization;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Search;

/// <summary>Searches on trees that are written out: what follows a text is told by the text and the number of the thought.</summary>
public sealed class TreeSearchTests
{
    [Fact]
    public async Task Looking_ahead_a_step_is_worth_what_comes_of_it()
    {
        // Thought 1 looks good (0.9) and leads to 0.1 at temperature 0; thought 2 looks bad (0.2) and leads to 0.8. The greedy step is not kept.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Length == 0 ? (state.Key == 1 ? "0.9\n" : "0.2\n")
            : state.Text == "0.9\n" ? (state.Temperature == 0 ? "0.1\n" : "0.3\n")
            : state.Text == "0.2\n" ? (state.Temperature == 0 ? "0.8\n" : "0.7\n")
            : "= 1"));
        using var session = Open(policy);
        await new Lookahead(new SearchOptions { Width = 2, Step = new StepOptions { Depth = 2 } }, expand: 2).SolveAsync(session);

        session.Thoughts[1].Reward.ShouldBe(0.1);
        session.Thoughts[2].Reward.ShouldBe(0.8);
        session.Thoughts[1].End.ShouldBe(ThoughtEnd.Rejected);
        session.Thoughts[3].Text.ShouldBe("0.9\n0.1\n");                // the looks ahead, given up
        session.Thoughts[4].Text.ShouldBe("0.2\n0.8\n");
        session.Thoughts.Skip(3).Take(2).ShouldAllBe(scout => scout.End == ThoughtEnd.Rejected);
        session.Thoughts.Skip(5).Take(2).ShouldAllBe(child => child.Parent!.Number == 2 && child.OwnText.StartsWith("0.7\n"));
        session.Ledger.Steps.Select(step => step.Name).Take(3).ShouldBe(["step", "look ahead", "score"]);
    }

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 0.6)]
    [InlineData(9, 0.4)]                                                // it ended on the way: the reward of its end
    public async Task It_looks_as_far_ahead_as_it_is_told(int ahead, double value)
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Count(c => c == '\n') switch { 0 => "0.3\n", 1 => "0.5\n", 2 => "0.6\n", _ => "0.4 = 1" }));
        using var session = Open(policy);
        await new Lookahead(new SearchOptions { Width = 1, Step = new StepOptions { Depth = 1 } }, expand: 1, ahead).SolveAsync(session);
        session.Thoughts[1].Depth.ShouldBe(1);
        session.Ledger.Steps.Count(step => step.Name == "look ahead").ShouldBe(Math.Min(ahead, 3));
        session.Thoughts[2].End.ShouldBe(ThoughtEnd.Rejected);
        session.Thoughts[2].Reward.ShouldBe(value);
    }

    [Fact]
    public async Task A_star_goes_on_from_the_least_f_and_answers_with_the_first_end_at_the_head()
    {
        // The number is the reward, so h is 1 less it; two ways each, one at a time.
        //   1: 0.6  g 0    h 0.4  f 0.4  -> first:  3: 0.3 g 0.3 h 0.7 f 1.0    4: 0.5 g 0.1 h 0.5 f 0.6
        //   2: 0.5  g 0    h 0.5  f 0.5  -> second: 5: 0.4 g 0.1 h 0.6 f 0.7    6: ends with 0.45: g 0.05 h 0.55 f 0.6
        //   4 and 6 tie at 0.6: the lower number goes on, to 7 and 8: ends with 0.2 (g 0.4 h 0.8 f 1.2). Then 6 is at the head, and the answer.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Key switch
        {
            1 => "0.6\n",
            2 => "0.5\n",
            3 => "0.3\n",
            4 => "0.5\n",
            5 => "0.4\n",
            6 => "0.45 = 6",
            _ => $"0.2 = {state.Key}",
        }));
        using var session = Open(policy);
        var choice = await new AStar(width: 16, expand: 2, batch: 1).SolveAsync(session);

        choice.Thought!.Number.ShouldBe(6);
        choice.Confidence.ShouldBe(0.45);
        session.Thoughts.Select(thought => thought.Parent?.Number).ShouldBe([null, 0, 0, 1, 1, 2, 2, 4, 4]);
    }

    [Fact]
    public async Task A_star_draws_no_more_than_its_width_of_answers_and_then_takes_the_best_end()
    {
        // Three steps, better and better, and a bad end: f is 0.7, 0.6, 0.5, and above 1 at the end. So it goes down to three ends at once (12 draws), and then
        // from the best of those left: 15 and 18 draws with three ends each, 21 with steps, 24 with ends, which is as much as six answers of four steps.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Count(c => c == '\n') is var steps && steps < 3 ? $"0.{3 + steps}\n" : $"0.0{state.Key % 10} = 1"));
        using var session = Open(policy);
        var choice = await new AStar(width: 6, expand: 3, batch: 1).SolveAsync(session);

        session.Thoughts.Count.ShouldBe(1 + 24);
        var ends = session.Thoughts.Where(thought => thought.Answer is not null).ToList();
        ends.Count.ShouldBe(12);
        choice.Thought.ShouldBe(ends.OrderByDescending(thought => thought.Reward).ThenBy(thought => thought.Number).First());
        session.Thoughts.Where(thought => thought.End == ThoughtEnd.Rejected).ShouldAllBe(thought => session.Thoughts.All(child => child.Parent != thought));
    }

    [Fact]
    public async Task Ets_gives_up_what_says_nothing_new_and_keeps_what_does()
    {
        // Width 4: 1 and 2 say the same with 0.9, 3 says something else with 0.5, 4 the same as 3. The shares are 2, 2, 0, 0. Of 12 tokens a leaf holds 3.
        // With lambda-c 1 and lambda-s 0.8: {1}: 0.5 - 0.25 + 0.4; {1, 2}: 1 - 0.5 + 0.4; {1, 2, 3}: 1 - 0.75 + 0.8 = 1.05 is the best.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Length > 0 ? "= 1" : state.Key < 3 ? "a a 0.9\n" : "b b 0.5\n"));
        using var session = Open(policy);
        await new Ets(new SearchOptions { Width = 4 }, lambdaC: 1, lambdaS: 0.8).SolveAsync(session);
        session.Thoughts[4].End.ShouldBe(ThoughtEnd.Rejected);
        session.Thoughts.Skip(1).Take(3).Count(thought => thought.End == ThoughtEnd.Rejected).ShouldBe(1);      // 3 is kept, but REBASE has no share for it
        session.Thoughts.Where(thought => thought.Depth == 2).Select(thought => thought.Parent!.Number).ShouldBe([1, 1, 2, 2]);
    }

    [Fact]
    public async Task The_width_of_those_given_up_is_shared_again()
    {
        // Four with the same reward, which are worth 0.25 each. Of 12 tokens 1 and 2 hold 1 each, which costs 0.083, and 3 and 4 hold 5, which costs 0.417.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Length > 0 ? "= 1" : state.Key < 3 ? "0.5\n" : "x x x x 0.5\n"));
        using var session = Open(policy);
        await new Ets(new SearchOptions { Width = 4 }, lambdaC: 1, lambdaS: 0).SolveAsync(session);
        session.Thoughts.Skip(1).Take(4).Select(thought => thought.End == ThoughtEnd.Rejected).ShouldBe([false, false, true, true]);
        session.Thoughts.Count(thought => thought.Depth == 2).ShouldBe(4);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tree_of_thoughts_keeps_what_the_policy_calls_sure(bool hasChoices)
    {
        // Of the first steps a to d the policy is sure of c, and finds b likely.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Prompt.Contains("sure, likely, or impossible") ? Opinion(state.Prompt)
            : state.Text.Length > 0 ? $"= {state.Text[0]}" : $"{"abcd"[(int)state.Key - 1]}\n"))
        {
            Features = hasChoices ? PolicyFeatures.All : PolicyFeatures.Branches,
            Choice = (state, word) => word == Opinion(state.Prompt) ? 0.6 : 0.0,
        };
        using var session = ScriptedSession.Open(policy, new SolveSettings { StepDelimiter = "\n" });
        var choice = await new TreeOfThoughts(new SearchOptions { Width = 4, ByVote = false }, expand: 2).SolveAsync(session);

        session.Thoughts.Skip(1).Take(4).Select(thought => Math.Round(thought.Reward!.Value, 9)).ShouldBe([0.00005, 0.05, 1, 0.00005]);
        session.Thoughts.Where(thought => thought is { Depth: 2, IsAnswer: true }).Select(thought => thought.Parent!.Number).ShouldBe([3, 3, 2, 2]);
        choice.Thought!.Answer.ShouldBe("c");
        session.Ledger.GeneratedTokens.ShouldBe(policy.Drawn);

        static string Opinion(string prompt) => prompt.Contains("Solution:\nc") ? "sure" : prompt.Contains("Solution:\nb") ? "likely" : "impossible";
    }

    [Fact]
    public async Task A_tree_of_thoughts_may_be_valued_by_the_reward_model()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Text.Length > 0 ? "= 1" : $"0.{state.Key}\n"));
        using var session = Open(policy);
        var strategy = new TreeOfThoughts(new SearchOptions { Width = 4 }, expand: 2, byReward: true);
        strategy.NeedsReward.ShouldBeTrue();
        await strategy.SolveAsync(session);
        session.Thoughts.Where(thought => thought.Depth == 2).Select(thought => thought.Parent!.Number).ShouldBe([4, 4, 3, 3]);
    }

    [Fact]
    public async Task A_budget_that_ends_while_looking_ahead_is_kept()
    {
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("a 0.5\n"));
        using var session = Open(policy, new Budget { Tokens = 5 });
        (await new Lookahead(new SearchOptions { Width = 2 }).SolveAsync(session)).ShouldBe(Choice.None);
        policy.Drawn.ShouldBe(5);
    }

    // The reward of a thought is the last number that stands before an answer in its text.
    private static SolveSession Open(ScriptedPolicy policy, Budget? budget = null) => ScriptedSession.Open(policy, new SolveSettings
    {
        StepDelimiter = "\n",
        Budget = budget ?? Budget.Unlimited,
        Reward = new ScriptedReward(text => text.Split('=')[0].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsAsciiDigit(word[0]))
            .Select(word => double.Parse(word, CultureInfo.InvariantCulture)).LastOrDefault()),
    });
}
