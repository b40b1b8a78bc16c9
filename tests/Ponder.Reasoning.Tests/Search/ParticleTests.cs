using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Search;

/// <summary>Particle filter, particle Gibbs and parallel tempering against examples worked by hand: three lines of a letter, and an answer.</summary>
public sealed class ParticleTests
{
    // The part of letters that are 'a'.
    private static readonly ScriptedReward Letters = new(text => text.Length == 0 ? 0 : text.Count(letter => letter == 'a') / (double)text.Count(char.IsLetter));

    [Theory]
    [InlineData(1, new[] { 1, 1, 1, 1 })]       // one of four has all the weight: effective size 1
    [InlineData(0.3, new[] { 1, 1, 1, 1 })]     // below 1.2
    [InlineData(0.25, new[] { 1, 2, 3, 4 })]    // not below 1
    [InlineData(0, new[] { 1, 2, 3, 4 })]
    public async Task A_filter_resamples_when_the_effective_size_is_low(double ess, int[] parents)
    {
        using var session = Open(Lines(state => state.Text.Length == 0 ? (state.Key == 1 ? "a" : "b") : "a"));
        await new ParticleFilter(new SearchOptions { Width = 4 }, ess: ess).SolveAsync(session);
        session.Thoughts.Where(thought => thought.Depth == 2).Select(thought => thought.Parent!.Number).ShouldBe(parents);
    }

    [Fact]
    public async Task New_particles_fork_from_the_reference_where_its_beginning_is_better()
    {
        // Only thought 1 begins well. The first sweep (1, 2) goes on from it twice; the second (two new beginnings, both bad) forks from it once more.
        var policy = Lines(state => state.Text.Length == 0 ? (state.Key == 1 ? "a" : "b") : "a");
        using var session = Open(policy);
        await new ParticleGibbs(new SearchOptions { Width = 4 }, iterations: 2, temperature: 0.01).SolveAsync(session);

        var second = session.Thoughts.Where(thought => thought.Depth == 1).Skip(2).ToList();
        second.Count.ShouldBe(2);
        second.ShouldAllBe(thought => thought.End == ThoughtEnd.Rejected);
        var children = session.Thoughts.Where(thought => thought.Depth == 2).ToList();
        children.Count.ShouldBe(4);
        children.ShouldAllBe(thought => thought.Parent!.Number == 1);
        session.Thoughts.Skip(1).ShouldAllBe(thought => thought.IsReleased);
    }

    [Fact]
    public async Task The_reference_goes_through_a_sweep_untouched()
    {
        var policy = Lines(state => "ab"[(int)((state.Key * 7 + state.Key / 3) % 2)].ToString());
        using var session = Open(policy);
        var search = new StepSearch(session, new StepOptions());
        var tree = new ParticleTree(search);
        var dice = new Dice(1, 2);
        var first = new Population(4, 1, [], dice);
        await tree.SweepAsync([first]);
        var reference = first.DrawReference();
        tree.ReleaseAllBut(reference);
        string[] texts = [.. reference.Select(thought => thought.Text)];
        texts[^1].ShouldEndWith("= 1");
        session.Thoughts.Where(thought => !thought.IsReleased).ShouldBe([session.Root, .. reference.SkipLast(1)]);

        var second = new Population(4, 1, reference, dice);
        await tree.SweepAsync([second]);
        second.Reference.Select(thought => thought.Text).ShouldBe(texts);
        second.Fresh.Count.ShouldBe(4);
        reference.SkipLast(1).ShouldAllBe(thought => !thought.IsReleased);
        session.Ledger.GeneratedTokens.ShouldBe(policy.Drawn);
    }

    [Fact]
    public async Task The_reference_is_drawn_by_the_odds_of_rewards()
    {
        string[] answers = ["x= 1", "y= 2", "z= 3"];
        var odds = new Dictionary<char, double> { ['x'] = 1, ['y'] = 4, ['z'] = 0.25 };
        using var session = ScriptedSession.Open(
            ScriptedPolicy.OfAnswers(answers), new SolveSettings { Reward = new ScriptedReward(text => odds[text[0]] / (1 + odds[text[0]])) });
        var thoughts = await session.SampleAsync(3);
        await session.ScoreAsync(thoughts);
        var population = new Population(3, 1, [], new Dice(3, 4));
        population.Add(thoughts);
        var drawn = Enumerable.Range(0, 10_000).Select(_ => population.DrawReference()).CountBy(path => path.ShouldHaveSingleItem().Text[0]).ToDictionary();
        foreach (var (letter, odd) in odds)
            (drawn[letter] / 10_000.0).ShouldBe(odd / 5.25, 0.015);
    }

    [Theory]
    [InlineData(0.8, 0.5, 1)]                   // the better one goes to the cold chain: always
    [InlineData(0.5, 0.8, 0.5)]                 // the other way: 4 ^ (1/2 - 1)
    [InlineData(0.5, 0.5, 1)]
    public void Neighbours_swap_with_the_probability_that_keeps_both_targets(double hot, double cold, double probability) =>
        ParallelTempering.SwapProbability(hot, cold, 2, 1).ShouldBe(probability, 1e-9);

    [Fact]
    public void Temperatures_are_a_geometric_row()
    {
        ParallelTempering.Temperatures(3, 4, 1).ShouldBe([4, 2, 1], 1e-12);
        ParallelTempering.Temperatures(1, 4, 1).ShouldBe([1]);
        Should.Throw<StrategyException>(() => StrategyText.Create("parallel-tempering hot=1 cold=2")).Message
            .ShouldBe("The option hot of parallel-tempering is 1; it must be at least cold, which is 2.");
    }

    [Theory]
    [InlineData(10, 4, new[] { 3, 3, 2, 2 })]
    [InlineData(2, 4, new[] { 1, 1 })]
    public void Sweeps_share_the_width(int width, int sweeps, int[] shares) => ParticleGibbs.Shares(width, sweeps).ShouldBe(shares);

    [Theory]
    [InlineData("particle-gibbs width=12 iterations=3")]
    [InlineData("parallel-tempering width=12 chains=3 iterations=2")]
    [InlineData("parallel-tempering width=5 chains=3 iterations=9")]
    public async Task All_sweeps_together_begin_as_many_thoughts_as_the_width(string strategy)
    {
        var policy = Lines(state => "ab"[(int)(state.Key % 2)].ToString());
        using (var session = Open(policy))
        {
            var choice = await StrategyText.Create(strategy).SolveAsync(session);
            choice.Thought!.Answer.ShouldBe("1");
            int width = int.Parse(strategy.Split("width=")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            session.Thoughts.Count(thought => thought.Depth == 1).ShouldBe(width);
            session.Thoughts.Skip(1).ShouldAllBe(thought => thought.IsReleased);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Thoughts_as_deep_as_they_may_be_go_to_their_ends()
    {
        using var session = Open(Lines(_ => "a"));
        var options = new SearchOptions { Width = 4, Step = new StepOptions { Depth = 2 } };
        (await new ParticleGibbs(options, iterations: 2).SolveAsync(session)).Thought!.Text.ShouldBe("a\na\na\n= 1");
        session.Thoughts.Max(thought => thought.Depth).ShouldBe(2);
        session.Thoughts.Skip(1).ShouldAllBe(thought => thought.IsReleased);
    }

    [Fact]
    public async Task A_budget_that_ends_within_a_sweep_is_kept()
    {
        var policy = Lines(_ => "a");
        using var session = Open(policy, new Budget { Tokens = 13 });
        (await new ParticleGibbs(new SearchOptions { Width = 4 }, iterations: 2).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
        policy.Drawn.ShouldBe(13);
    }

    private static SolveSession Open(ScriptedPolicy policy, Budget? budget = null) => ScriptedSession.Open(
        policy, new SolveSettings { StepDelimiter = "\n", Reward = Letters, Seed = 5, MaxTokens = 20, Budget = budget ?? Budget.Unlimited });

    // A line of one letter, three times, and the answer; whoever goes on by more than a line draws good ones.
    private static ScriptedPolicy Lines(Func<ScriptedState, string> letter) => new(state => ScriptedPolicy.Words(
        state.Text.Count(c => c == '\n') is < 3 and int lines ? letter(state) + "\n" + string.Concat(Enumerable.Repeat("a\n", 2 - lines)) + "= 1" : "= 1"));
}
