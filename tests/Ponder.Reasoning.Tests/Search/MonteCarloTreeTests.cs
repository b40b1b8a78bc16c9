using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Search;

public sealed class MonteCarloTreeTests
{
    // A line of a letter each; the reward is that of the last letter.
    private static readonly Dictionary<char, double> Worth = new() { ['a'] = 0.8, ['b'] = 0.5, ['c'] = 0.9, ['d'] = 0.2, ['1'] = 1 };

    private static readonly ScriptedReward LastLetter = new(text => text.LastOrDefault(char.IsLetterOrDigit) is var last && last == 0 ? 0 : Worth[last]);

    [Fact]
    public void Puct_weighs_the_prior_by_visits()
    {
        // 0.5 + 0.25 * sqrt(9) / (2 + 1) * (ln((9 + 99 + 1) / 99) + 1.25)
        new Puct(99, 1.25).Score(value: 0.5, prior: 0.25, visits: 2, parentVisits: 9).ShouldBe(0.5 + (0.25 * (Math.Log(109 / 99.0) + 1.25)), 1e-12);
        new Puct().Score(0.5, 0.25, 0, 0).ShouldBe(0.5);
    }

    [Fact]
    public void Uct_weighs_visits_and_takes_the_unvisited_first()
    {
        new Uct(2).Score(value: 0.5, prior: 0.25, visits: 4, parentVisits: 9).ShouldBe(0.5 + (2 * Math.Sqrt(Math.Log(9) / 4)), 1e-12);
        new Uct(2).Score(0.5, 0.25, 0, 9).ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public async Task Puct_visits_as_worked_by_hand()
    {
        // Two steps an expansion, one leaf a round, no noise; every pair of siblings is a (0.8) and b (0.5), priors 1/2. C is 1.25 and a hair.
        // Round 1: the root grows a, b. No visits yet, so round 2 goes by value: a. It returns 0.8 and grows aa (0.8), ab (0.5).
        // Round 3, N = 1: a: 0.8 + 0.5 * 1/2 * C = 1.11; b: 0.5 + 0.5 * 1 * C = 1.12: b, which returns 0.5 and grows ba, bb.
        // Round 4, N = 2: a: 0.8 + 0.5 * 1.41/2 * C = 1.24; b: 0.5 + 0.44 = 0.94: a; below it N = 1, nobody visited: aa. It returns 0.8.
        // Round 5, N = 3: a: 0.8 + 0.5 * 1.73/3 * C = 1.16; b: 0.5 + 0.54 = 1.04: a; N = 2: aa: 0.8 + 0.5 * 1.41/2 * C = 1.24, ab: 0.5 + 0.88 = 1.38: ab.
        using var session = Open(Pairs("ab"));
        var growth = await GrowAsync(session, new TreeOptions { Expand = 2, Batch = 1, Noise = 0 }, rounds: 5);
        Shape(growth.Root).ShouldBe("(a:3 (a:1 (a:0) (b:0)) (b:1 (a:0) (b:0))) (b:1 (a:0) (b:0))");
        growth.Root.Visits.ShouldBe(4);
        growth.Root.Children[0].Value.ShouldBe((0.8 + 0.8 + 0.5) / 3, 1e-12);       // its own, aa's and ab's
        growth.Root.Value.ShouldBe((0.8 + 0.5 + 0.8 + 0.5) / 4, 1e-12);
    }

    [Fact]
    public async Task Uct_visits_as_worked_by_hand()
    {
        // As above with c = 0.5: rounds 2 and 3 take the unvisited a and b. Round 4, N = 2: a: 0.8 + 0.5 * sqrt(ln 2 / 1) = 1.22, b: 0.92: a, and there
        // aa. Round 5, N = 3: a: 0.8 + 0.5 * sqrt(ln 3 / 2) = 1.17, b: 0.5 + 0.5 * sqrt(ln 3) = 1.02: a, and there the unvisited ab.
        // Round 6, N = 4: a: 0.7 + 0.5 * sqrt(ln 4 / 3) = 1.04, b: 0.5 + 0.5 * sqrt(ln 4) = 1.09: b, and there ba.
        using var session = Open(Pairs("ab"));
        var growth = await GrowAsync(session, new TreeOptions { Expand = 2, Batch = 1, Selector = new Uct(0.5) }, rounds: 6);
        Shape(growth.Root).ShouldBe("(a:3 (a:1 (a:0) (b:0)) (b:1 (a:0) (b:0))) (b:2 (a:1 (a:0) (b:0)) (b:0))");
    }

    [Fact]
    public async Task The_same_step_drawn_again_is_one_child_with_a_greater_prior()
    {
        using var session = Open(Pairs("abaa"));
        var growth = await GrowAsync(session, new TreeOptions { Expand = 4, Batch = 1, Noise = 0 }, rounds: 1);
        growth.Root.Children.Select(child => (child.Thought.OwnText, child.Share)).ShouldBe([("a\n", 0.75), ("b\n", 0.25)]);
        session.Thoughts.Where(thought => thought.End == ThoughtEnd.Rejected).Select(thought => thought.Number).ShouldBe([3, 4]);
    }

    [Fact]
    public async Task Leaves_of_one_round_are_different_ones()
    {
        // a is far better, but while its visit has not come back it counts as worth nothing: the second leaf of the round is d.
        using var session = Open(Pairs("cd"));
        var growth = await GrowAsync(session, new TreeOptions { Expand = 2, Batch = 2, Noise = 0 }, rounds: 2);
        growth.Root.Children.Select(child => child.Visits).ShouldBe([1, 1]);
        growth.Root.Children.Select(child => child.Value).ShouldBe([0.9, 0.2]);
    }

    [Fact]
    public async Task An_ended_thought_is_carried_back_once_and_closed()
    {
        // First steps: an answer and b; all that follows is b. The answer is better, yet only b can be gone on from.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Key == 1 ? "= 1" : "b\n"));
        using var session = Open(policy);
        var growth = await GrowAsync(session, new TreeOptions { Expand = 2, Batch = 1, Noise = 0 }, rounds: 3);
        Shape(growth.Root).ShouldBe("(= 1:1) (b:2 (b:1 (b:0)))");
        growth.Root.Value.ShouldBe((1 + 0.5 + 0.5) / 3, 1e-12);
    }

    [Fact]
    public async Task A_tree_without_open_leaves_draws_new_first_steps()
    {
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words("= 1"));
        using var session = Open(policy);
        var choice = await StrategyText.Create("mcts width=5 expand=2").SolveAsync(session);
        session.Thoughts.Count(thought => thought.Answer == "1").ShouldBe(6);       // five answers' work, two at a time
        choice.Confidence.ShouldBe(1);
    }

    [Fact]
    public async Task A_rollout_is_what_a_leaf_is_worth()
    {
        // What is drawn to its end behind a is d and an answer of 1, behind b the answer at once.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Length == 0 ? (state.Key % 2 == 1 ? "a\n" : "b\n") : state.Text == "a\n" ? "d\n= d" : "= 1"));
        using var session = Open(policy);
        var growth = await GrowAsync(session, new TreeOptions { Expand = 2, Batch = 2, Rollout = true, Selector = new Uct() }, rounds: 2);
        growth.Root.Children[0].Visits.ShouldBe(1);
        growth.Root.Children[0].Value.ShouldBe(0.2);
        growth.Root.Children[1].Value.ShouldBe(1);              // its rollout and its one child, both right
    }

    [Fact]
    public async Task Leaves_as_deep_as_they_may_be_go_to_their_ends()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Rest("a\nb\n= 1", state.Text));
        using var session = Open(policy);
        var options = new SearchOptions { Width = 2, Step = new StepOptions { Depth = 1 } };
        (await new MonteCarloTree(options, new TreeOptions { Expand = 2 }).SolveAsync(session)).Thought!.Text.ShouldBe("a\nb\n= 1");
        session.Thoughts.Max(thought => thought.Depth).ShouldBe(1);
    }

    [Theory]
    [InlineData("mcts width=8")]
    [InlineData("mcts width=8 select=uct")]
    [InlineData("mcts width=3 simulate=rollout")]
    [InlineData("mcts width=1")]
    public async Task Its_work_is_that_of_as_many_answers_as_it_is_wide(string strategy)
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Count(c => c == '\n') is < 3 and int lines ? "abcd"[(int)(state.Key % 4)] + "\n" + string.Concat(Enumerable.Repeat("a\n", 2 - lines)) + "= 1" : "= 1"));
        using (var session = Open(policy))
        {
            (await StrategyText.Create(strategy).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
            int width = int.Parse(strategy.Split("width=")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            policy.Drawn.ShouldBeInRange((width * 6) - 12, (width * 6) + 12);       // six tokens an answer, and a round too much or too little
            session.Thoughts.Skip(1).ShouldAllBe(thought => thought.IsReleased);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(2.5)]
    public void Dirichlet_noise_is_parts_of_one_with_the_right_spread(double alpha)
    {
        const int Draws = 10_000, Count = 4;
        var dice = new Dice(1, 2);
        double mean = 0, square = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            double[] parts = Dirichlet.Draw(Count, alpha, dice);
            parts.ShouldAllBe(part => part >= 0);
            parts.Sum().ShouldBe(1, 1e-9);
            mean += parts[0] / Draws;
            square += parts[0] * parts[0] / Draws;
        }
        mean.ShouldBe(1.0 / Count, 0.01);
        (square - (mean * mean)).ShouldBe(1.0 / Count * (1 - (1.0 / Count)) / ((Count * alpha) + 1), 0.006);      // the variance of a part
    }

    private static async Task<MonteCarloTree.Growth> GrowAsync(SolveSession session, TreeOptions options, int rounds)
    {
        var growth = new MonteCarloTree.Growth(new StepSearch(session, new StepOptions()), options, width: 1000);
        for (int round = 0; round < rounds; round++)
            (await growth.RoundAsync()).ShouldBeTrue();
        return growth;
    }

    // Every expansion draws these letters in a row: thoughts of one expansion have numbers in a row.
    private static ScriptedPolicy Pairs(string letters) => new(state => ScriptedPolicy.Words(letters[(int)((state.Key - 1) % (ulong)letters.Length)] + "\n= 1"));

    private static SolveSession Open(ScriptedPolicy policy) => ScriptedSession.Open(
        policy, new SolveSettings { StepDelimiter = "\n", Reward = LastLetter, Seed = 5, MaxTokens = 20, Budget = Budget.Unlimited });

    // A node as its text and visits, with its children behind it.
    private static string Shape(TreeNode node) => string.Join(
        ' ', node.Children.Select(child => $"({child.Thought.OwnText.Trim()}:{child.Visits}{(child.Children.Count > 0 ? " " + Shape(child) : "")})"));
}
