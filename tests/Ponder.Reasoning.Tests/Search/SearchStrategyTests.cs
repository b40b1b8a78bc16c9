using System.Text.RegularExpressions;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Search;

public sealed class SearchStrategyTests
{
    // Three steps of one letter and an answer: the letter is drawn from the branch's name, the reward is the part of letters that are 'a'.
    private static readonly ScriptedReward Letters = new(text => text.Length == 0 ? 0 : text.Count(letter => letter == 'a') / (double)text.Count(char.IsLetter));

    [Theory]
    [InlineData(new[] { 1.0, 0.5, 0.0 }, 4, new[] { 4, 0, 0 })]         // 1 of 1.089: 3.67 of 4, rounded up; nothing is left
    [InlineData(new[] { 0.5, 0.5, 0.5 }, 4, new[] { 2, 1, 1 })]         // 1.33 up to 2, then half of 2, then what is left
    [InlineData(new[] { 0.2, 0.4, 0.3 }, 6, new[] { 0, 4, 2 })]         // weights .37 1 .61: 3.04 up to 4, then 1.24 of 2 up to 2
    [InlineData(new[] { 0.9 }, 0, new[] { 0 })]
    public void Rebase_shares_the_width_from_the_best_down(double[] rewards, int width, int[] shares) =>
        Rebase.Shares(rewards, width, 0.2).ShouldBe(shares);

    [Fact]
    public async Task Rebase_goes_on_from_the_good_step_alone_and_shrinks_as_thoughts_end()
    {
        // The first step of thought 2 is good, the others are not: with so low a temperature all the width goes to it.
        var policy = Steps(state => state.Text.Length == 0 ? (state.Key == 2 ? "a" : "b") : "a");
        using var session = Open(policy, 4);
        var choice = await new Rebase(new SearchOptions { Width = 4 }, temperature: 0.01).SolveAsync(session);

        session.Thoughts.Where(thought => thought.Depth == 2).ShouldAllBe(thought => thought.Parent!.Number == 2);
        session.Thoughts.Count(thought => thought.Depth == 2).ShouldBe(4);
        session.Thoughts.Where(thought => thought.Number is 1 or 3 or 4).ShouldAllBe(thought => thought.End == ThoughtEnd.Rejected);
        choice.Thought!.Text.ShouldStartWith("a\na\na\n");
        session.Ledger.GeneratedTokens.ShouldBe(policy.Drawn);
    }

    [Fact]
    public async Task A_beam_keeps_the_best_and_lets_each_go_on_in_several_ways()
    {
        var policy = Steps(state => state.Text.Length == 0 ? "abab"[(int)state.Key - 1].ToString() : "a");
        using var session = Open(policy, 4);
        await new BeamSearch(new SearchOptions { Width = 4 }, expand: 2).SolveAsync(session);
        session.Thoughts.Where(thought => thought.Depth == 2).Select(thought => thought.Parent!.Number).ShouldBe([1, 1, 3, 3]);
    }

    [Fact]
    public async Task Trees_of_dvts_do_not_compete()
    {
        // Both good first steps fall to the first tree; the second goes on from its own best all the same.
        var policy = Steps(state => state.Text.Length == 0 ? "aabb"[(int)state.Key - 1].ToString() : "a");
        using var session = Open(policy, 4);
        await new DiverseTrees(new SearchOptions { Width = 4 }, expand: 2).SolveAsync(session);
        session.Thoughts.Where(thought => thought.Depth == 2).Select(thought => thought.Parent!.Number).ShouldBe([1, 1, 3, 3]);
    }

    [Fact]
    public async Task A_step_without_its_delimiter_ends_the_thought_and_is_told()
    {
        using var session = Open(new ScriptedPolicy(_ => ScriptedPolicy.Words("a a a a a a a a")), 2);
        var choice = await new Rebase(new SearchOptions { Width = 2, Step = new StepOptions { MaxTokens = 3 } }).SolveAsync(session);
        choice.ShouldBe(Choice.None);
        session.Notes.ShouldContain("A step came to 3 tokens without its end; such thoughts are given up.");
    }

    [Fact]
    public async Task Steps_may_end_where_a_pattern_matches()
    {
        using var session = Open(new ScriptedPolicy(state => ScriptedPolicy.Rest("a b; c d e; = 1", state.Text)), 2);
        var step = new StepOptions { Pattern = new Regex(";", RegexOptions.NonBacktracking) };
        (await new Rebase(new SearchOptions { Width = 2, Step = step }).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
        session.Thoughts.Skip(1).Where(thought => thought.Number % 2 == 1).Select(thought => thought.OwnText).ShouldBe(["a b; ", "c d e; ", "= 1"]);
    }

    [Fact]
    public async Task A_reward_that_is_no_number_counts_as_none()
    {
        var policy = Steps(_ => "a");
        var settings = new SolveSettings { StepDelimiter = "\n", Reward = new ScriptedReward(text => text.Length < 3 ? double.NaN : 1) };
        using var session = ScriptedSession.Open(policy, settings);
        (await new ParticleFilter(new SearchOptions { Width = 3 }).SolveAsync(session)).Thought.ShouldNotBeNull();
        session.Notes.ShouldContain(note => note.Contains("NaN"));
    }

    [Fact]
    public async Task A_budget_below_a_step_for_each_serves_the_first()
    {
        var policy = Steps(_ => "a");
        var settings = new SolveSettings { StepDelimiter = "\n", Reward = Letters, MaxTokens = 20, Budget = new Budget { Tokens = 2 } };
        using var session = ScriptedSession.Open(policy, settings);
        (await new Rebase(new SearchOptions { Width = 4 }).SolveAsync(session)).ShouldBe(Choice.None);
        policy.Drawn.ShouldBe(2);
    }

    [Fact]
    public async Task A_budget_that_would_end_all_thoughts_alike_brings_the_best_to_its_end()
    {
        // Four thoughts of three steps of one token, and three tokens at the end: 24. After two steps 6 tokens are left: a third of all would leave 2.
        var policy = Steps(state => state.Text.Length == 0 ? "bbab"[(int)state.Key - 1].ToString() : "b");
        var settings = new SolveSettings { StepDelimiter = "\n", Reward = Letters, MaxTokens = 20, Budget = new Budget { Tokens = 14 } };
        using var session = ScriptedSession.Open(policy, settings);
        var choice = await new BeamSearch(new SearchOptions { Width = 4 }, expand: 1).SolveAsync(session);
        choice.Thought!.Text.ShouldStartWith("a\n");
        policy.Drawn.ShouldBe(14);
    }

    private static SolveSession Open(ScriptedPolicy policy, int width) =>
        ScriptedSession.Open(policy, new SolveSettings { StepDelimiter = "\n", Reward = Letters, Seed = (ulong)width });

    // A letter and a line feed, three times; then the answer.
    private static ScriptedPolicy Steps(Func<ScriptedState, string> letter) =>
        new(state => ScriptedPolicy.Words(state.Text.Count(c => c == '\n') < 3 ? $"{letter(state)}\n" + string.Concat(Enumerable.Repeat("a\n", 2 - state.Text.Count(c => c == '\n'))) + "= 1" : "= 1"));
}
