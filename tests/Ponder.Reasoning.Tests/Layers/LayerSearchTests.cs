using System.Globalization;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Layers;

public sealed class LayerSearchTests
{
    // As large as the usual space for a policy that follows words, with a reward and a verifier.
    private static readonly int[] Sizes = [6, 4, 2, 3, 2, 3, 5, 4];
    private static readonly int[] Goal = [4, 1, 0, 1, 1, 2, 2, 1];

    public enum Landscape
    {
        // Every choice counts for itself.
        Slope,

        // The sixth choice counts only with the fifth, and turns against those who have the one without the other.
        Pair,

        // The more choices are right at once, the more each of them is worth.
        Peak,
    }

    [Theory]
    [InlineData(Landscape.Slope)]
    [InlineData(Landscape.Pair)]
    [InlineData(Landscape.Peak)]
    public async Task On_a_known_landscape_the_one_best_plan_is_found_and_found_sooner_than_by_chance(Landscape landscape)
    {
        const int Evaluations = 300, Seeds = 10;                // of 34,560 plans
        double ours = 0, chance = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var search = Search(choices => HeightOf(landscape, choices), new LayerSearchOptions { Evaluations = Evaluations, Seed = seed });
            var best = await search.RunAsync();
            best.Choices.ShouldBe(Goal, $"seed {seed}");
            search.Trials.Count.ShouldBe(Evaluations);
            ours += BestOf(search.Trials.Take(40).Select(trial => HeightOf(landscape, trial.Choices)));
            chance += BestOf(Enumerable.Range(0, 40).Select(i => HeightOf(landscape, Random(seed, i))));
        }
        (ours / Seeds).ShouldBeGreaterThan(chance / Seeds);

        static double BestOf(IEnumerable<double> heights) => heights.Max();
    }

    [Fact]
    public async Task With_many_noisy_problems_poor_plans_are_given_up_early_and_the_best_is_tried_on_all()
    {
        const int Problems = 64;
        var options = new LayerSearchOptions { Evaluations = 200, Problems = Problems, Seed = 5 };
        var search = new LayerSearch(Space(), (plan, first, count, _) => Task.FromResult<IReadOnlyList<PlanScore>>(
            [.. Enumerable.Range(first, count).Select(i => new PlanScore(Uniform(plan.Name!, i) < HeightOf(Landscape.Slope, Choices(plan)) ? 1 : 0, 10))]), options);

        var best = await search.RunAsync();

        best.Scores.Count.ShouldBe(Problems);
        HeightOf(Landscape.Slope, best.Choices).ShouldBeGreaterThan(0.85);
        search.Trials.Count(trial => trial.Scores.Count < Problems).ShouldBeGreaterThan(80);
        search.Trials.Select(trial => trial.Scores.Count).Distinct().Order().ShouldBe([16, 32, 64]);
    }

    [Fact]
    public async Task The_same_seed_tries_the_same_plans_and_another_seed_others()
    {
        var runs = new List<string>();
        foreach (ulong seed in (ulong[])[7, 7, 8])
        {
            var search = Search(choices => HeightOf(Landscape.Peak, choices), new LayerSearchOptions { Evaluations = 60, Seed = seed });
            await search.RunAsync();
            runs.Add(string.Join(' ', search.Trials.Select(trial => trial.Plan.Name)));
        }
        runs[1].ShouldBe(runs[0]);
        runs[2].ShouldNotBe(runs[0]);
        runs[0].Split(' ').ShouldBeUnique();
    }

    [Fact]
    public async Task It_ends_when_every_plan_was_tried()
    {
        Gene[] genes = [new("a", ["0", "1", "2"]), new("b", ["0", "1"]), new("c", ["0"])];
        // The second choice makes no difference to the plan where the first is 0: five plans of six.
        var space = new PlanSpace(genes, choices => Named($"{choices[0]},{(choices[0] == 0 ? 0 : choices[1])}"));
        var search = new LayerSearch(space, (plan, _, _, _) => Task.FromResult<IReadOnlyList<PlanScore>>([new PlanScore(plan.Name == "1,1" ? 1 : 0, 5)]), new LayerSearchOptions());
        (await search.RunAsync()).Plan.Name.ShouldBe("1,1");
        search.Trials.Count.ShouldBe(5);
    }

    [Fact]
    public async Task It_ends_when_the_tokens_are_spent()
    {
        var search = Search(_ => 0.5, new LayerSearchOptions { Evaluations = 100, Tokens = 95 });
        await search.RunAsync();
        search.Trials.Count.ShouldBe(10);                       // ten tokens each: nine leave some over
    }

    [Fact]
    public async Task Of_equals_the_one_with_the_fewest_tokens_is_best_and_overruns_cost_a_tenth()
    {
        var space = new PlanSpace([new("a", ["0", "1", "2"])], choices => Named($"{choices[0]}"));
        PlanScore[] scores = [new(0.8, 20), new(0.8, 10), new(0.85, 10, IsOverBudget: true)];
        var search = new LayerSearch(space, (plan, _, _, _) => Task.FromResult<IReadOnlyList<PlanScore>>([scores[Choices(plan)[0]]]), new LayerSearchOptions());
        var best = await search.RunAsync();
        best.Plan.Name.ShouldBe("1");
        search.Trials.Single(trial => trial.Plan.Name == "2").Fitness.ShouldBe(0.75, 1e-12);
    }

    [Fact]
    public async Task What_was_tried_before_it_was_stopped_counts()
    {
        // The first plan is tried on all four problems; the second, a better one, is stopped behind two of them, but was not given up.
        using var stop = new CancellationTokenSource();
        var space = new PlanSpace([new("a", ["0", "1"])], choices => Named($"{choices[0]}"));
        int calls = 0;
        var search = new LayerSearch(space, (_, _, count, token) =>
        {
            if (++calls == 4)
                stop.Cancel();
            token.ThrowIfCancellationRequested();
            return Task.FromResult<IReadOnlyList<PlanScore>>([.. Enumerable.Repeat(new PlanScore(calls <= 2 ? 0.25 : 0.75, 10), count)]);
        }, new LayerSearchOptions { Problems = 4, Rungs = 2 });
        await Should.ThrowAsync<OperationCanceledException>(search.RunAsync(stop: stop.Token));
        search.Trials.Select(trial => trial.Scores.Count).ShouldBe([4, 2]);
        search.Trials.ShouldAllBe(trial => !trial.WasGivenUp);
        search.Best!.Number.ShouldBe(2);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    [InlineData(false, false, false)]
    public void Every_plan_of_the_usual_space_is_sound_and_can_be_written_and_read(bool reward, bool verifier, bool words)
    {
        var space = PlanSpace.Usual(new PlanMeans(reward, verifier, words), 16);
        for (int i = 0; i < 300; i++)
        {
            var plan = space.Decode([.. space.Genes.Select((gene, g) => (int)(CounterRandom.Uniform(1, (ulong)i, (ulong)g) * gene.Values.Count))]);
            var strategy = new LayerStrategy(plan);
            if (strategy.NeedsReward)
                reward.ShouldBeTrue();
            if (strategy.NeedsVerifier)
                verifier.ShouldBeTrue();
            string json = LayerFile.Write(plan);
            LayerFile.Write(LayerFile.Parse(json)).ShouldBe(json);
            if (!words)
                plan.Layers.ShouldAllBe(layer => layer.Parts[0].Type == "generate" || layer.Parts[0].Type == "rank" || layer.Parts[0].Type == "verify");
        }
    }

    [Fact]
    public async Task An_evaluation_solves_problems_by_the_plan_and_sees_what_the_budget_cut()
    {
        // Three of four answers are right; a budget of seven tokens holds two whole answers.
        var problem = ScriptedSession.Problem with { Grader = new ScriptedVerifier(text => new Verdict(text.EndsWith('1'))) };
        Problem[] problems = [problem with { Id = "a" }, problem with { Id = "b" }];
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Key == 1 ? "= 2" : "= 1"));
        var plan = LayerPlan.Of(PlanPart.Of("generate", ("samples", "4")));
        var rich = await new PlanEvaluator(policy, new SolveSettings(), problems).EvaluateAsync(plan, 0, 2, default);
        rich.ShouldBe([new PlanScore(1, 12), new PlanScore(1, 12)]);
        var poor = await new PlanEvaluator(policy, new SolveSettings { Budget = new() { Tokens = 7 } }, problems).EvaluateAsync(plan, 1, 1, default);
        poor.ShouldBe([new PlanScore(0, 7, IsOverBudget: true)]);
        await Should.ThrowAsync<LayerException>(new PlanEvaluator(policy, new SolveSettings(), [problem with { Grader = null }]).EvaluateAsync(plan, 0, 1, default));
    }

    [Fact]
    public void What_was_tried_is_written_as_csv()
    {
        var trial = new Trial(1, LayerPlan.Of(PlanPart.Of("generate", ("samples", "4")), PlanPart.Of("fuse")), [], [new PlanScore(1, 10), new PlanScore(0, 15, true)]);
        TrialTable.Write([trial]).ShouldBe("trial,problems,accuracy,tokens,overruns,fitness,plan\n1,2,0.5,12.5,0.5,0.45,\"generate samples=4 > fuse\"\n");
    }

    private static LayerSearch Search(Func<IReadOnlyList<int>, double> height, LayerSearchOptions options) => new(
        Space(), (plan, _, _, _) => Task.FromResult<IReadOnlyList<PlanScore>>([new PlanScore(height(Choices(plan)), 10)]), options);

    private static PlanSpace Space() => new(
        [.. Sizes.Select((size, i) => new Gene($"g{i}", [.. Enumerable.Range(0, size).Select(value => $"{value}")]))],
        choices => Named(string.Join(',', choices)));

    private static LayerPlan Named(string name) => LayerPlan.Of(PlanPart.Of("generate")) with { Name = name };

    private static int[] Choices(LayerPlan plan) => [.. plan.Name!.Split(',').Select(choice => int.Parse(choice, CultureInfo.InvariantCulture))];

    private static double HeightOf(Landscape landscape, IReadOnlyList<int> choices)
    {
        double[] near = [.. choices.Select((choice, i) => 1 - (Math.Abs(choice - Goal[i]) / (double)(Sizes[i] - 1)))];
        double mean = near.Average();
        return landscape switch
        {
            Landscape.Slope => mean,
            Landscape.Pair => (near[4] == 1) == (near[5] == 1) ? mean : mean - 0.15,
            _ => Math.Pow(mean, 4),
        };
    }

    private static int[] Random(ulong seed, int number) => [.. Sizes.Select((size, i) => (int)(CounterRandom.Uniform(seed, (ulong)number, (ulong)i) * size))];

    private static double Uniform(string name, int problem) =>
        CounterRandom.Uniform(name.Aggregate(17UL, (hash, letter) => (hash * 31) + letter), (ulong)problem, 0);
}
