using Ponder.Inference.Sampling;
using Ponder.Reasoning.Auto;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Auto;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Strategies;

/// <summary>What holds for every row of the table, those to come included.</summary>
public sealed class EveryStrategyTests
{
    public static TheoryData<string> Names => [.. StrategyTable.All.Select(row => row.Name)];

    [Fact]
    public void Rows_are_complete_and_names_are_unique()
    {
        StrategyTable.All.Select(row => row.Name).ShouldBeUnique();
        foreach (var row in StrategyTable.All)
        {
            row.Name.ShouldMatch("^[a-z0-9]+(-[a-z0-9]+)*$");
            row.Summary.ShouldEndWith(".");
            new[] { row.Source, row.Cost }.ShouldAllBe(text => text.Length > 0);
            row.Options.Select(option => option.Name).ShouldBeUnique();
            row.Options.ShouldAllBe(option => option.Help.EndsWith('.') && (option.Default.Length > 0 || option.IsText));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_made_from_its_defaults_and_knows_its_name(string name)
    {
        Create(name).Name.ShouldBe(name);
        var options = StrategyTable.Require(name).Options;
        var defaults = options.ToDictionary(option => option.Name, option => Given(option) ?? option.Default);
        StrategyTable.Create(name, defaults).Name.ShouldBe(name);
        if (options.Any(option => option.Default.Length == 0))
            Should.Throw<StrategyException>(() => StrategyTable.Create(name)).Message.ShouldContain("needs a value");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_same_seed_gives_the_same_thoughts_and_the_same_choice(string name)
    {
        for (ulong seed = 1; seed <= 3; seed++)
        {
            var once = await RunAsync(name, new SolveSettings { Seed = seed });
            var again = await RunAsync(name, new SolveSettings { Seed = seed });
            again.ShouldBe(once);
            once.Drawn.ShouldBeGreaterThan(0);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_budget_is_kept_to_the_token(string name)
    {
        foreach (long budget in (long[])[1, 7, 50])
        {
            for (ulong seed = 1; seed <= 3; seed++)
            {
                var run = await RunAsync(name, new SolveSettings { Seed = seed, Budget = new Budget { Tokens = budget } });
                run.Drawn.ShouldBeInRange(1, budget);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_budget_of_samples_is_kept(string name)
    {
        foreach (int samples in (int[])[1, 3])
            (await RunAsync(name, new SolveSettings { Seed = 1, Budget = new Budget { Samples = samples } })).Samples.ShouldBeInRange(1, samples);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Cancellation_ends_it_within_a_step_and_leaves_nothing_open(string name)
    {
        long steps = (await RunAsync(name, new SolveSettings { Seed = 1 })).Steps;
        foreach (long at in (long[])[0, steps / 2, steps - 1])
        {
            using var stop = new CancellationTokenSource();
            var policy = Policy(step =>
            {
                if (step == at)
                    stop.Cancel();
            });
            var running = RunAsync(name, new SolveSettings { Seed = 1 }, policy, stop.Token);
            await Should.ThrowAsync<OperationCanceledException>(running.WaitAsync(TimeSpan.FromSeconds(30)));
            policy.Steps.ShouldBe(at + 1);
            policy.OpenBranches.ShouldBe(0);
        }
    }

    private static IStrategy Create(string name) => StrategyTable.Create(
        name, StrategyTable.Require(name).Options.Where(option => Given(option) is not null).ToDictionary(option => option.Name, option => Given(option)!));

    // What has no default: the files of a probe that looks at the script's hidden states, of a calibration of the script, and of layers.
    private static string? Given(StrategyOption option) => option.Name switch
    {
        "probe" => ProbePath.Value,
        "table" => TablePath.Value,
        "file" => LayersPath.Value,
        _ => null,
    };

    private static readonly Lazy<string> LayersPath = new(() =>
    {
        string path = Path.Combine(AppContext.BaseDirectory, "script.layers.json");
        PlanPart[] parts =
        [
            PlanPart.Of("generate", ("samples", "4")), PlanPart.Of("generate", ("strategy", "majority samples=2")), PlanPart.Of("verify", ("by", "policy")),
            PlanPart.Of("critique"), PlanPart.Of("rank", ("keep", "3")), PlanPart.Of("fuse", ("samples", "2")),
        ];
        LayerFile.Save(LayerPlan.Of(parts), path);
        return path;
    });

    private static readonly Lazy<string> ProbePath = new(() =>
    {
        string path = Path.Combine(AppContext.BaseDirectory, "script.probe.json");
        var layer = new DenseLayer(8, 1);
        ProbeFile.Save(new Probe("script", [-1], new float[8], [.. Enumerable.Repeat(1f, 8)], [layer], [0.4, 0.45, 0.5]), path);
        return path;
    });

    // Probes pay, and each difficulty has a favourite of its own.
    private static readonly Lazy<string> TablePath = new(() =>
    {
        string path = Path.Combine(AppContext.BaseDirectory, "script.calibration.json");
        var entries = new[]
        {
            Tables.Entry("majority samples=5", 50, 0.5, 0.9, 0.1, 0.1), Tables.Entry("rebase width=5", 50, 0.5, 0.5, 0.5, 0.1),
            Tables.Entry("best-of-n samples=5", 50, 0.4, 0.4, 0.4, 0.4),
        };
        CalibrationFile.Save(Tables.Of(Tables.Task(entries) with
        {
            AnswerTokens = 8,                                   // so that 50 tokens hold twice the probes
            Difficulty = new DifficultyMap(3, [0, 1, 0, 0], 0.5, 0.3),
            Probing = [new ProbeGain(50, 0.1, 0.01)],
        }), path);
        return path;
    });

    private static async Task<Run> RunAsync(string name, SolveSettings settings, ScriptedPolicy? policy = null, CancellationToken stop = default)
    {
        policy ??= Policy(null);
        var problem = ScriptedSession.Problem with { Verifier = new ScriptedVerifier(text => new Verdict(Noise(text) < 0.3, Reason: "noise")) };
        settings = settings with { StepDelimiter = "\n", MaxTokens = 40, Reward = new ScriptedReward(Noise), Drafter = policy };
        Run run;
        using (var session = ScriptedSession.Open(policy, settings, problem, stop))
        {
            var choice = await Create(name).SolveAsync(session);
            var ledger = session.Ledger;
            ledger.GeneratedTokens.ShouldBe(policy.Drawn);
            ledger.Steps.Sum(step => step.GeneratedTokens).ShouldBe(policy.Drawn);
            if (choice.Thought is not null)
                session.Thoughts.ShouldContain(choice.Thought);
            if (choice.Confidence is double confidence)
                confidence.ShouldBeInRange(0, 1);
            string thoughts = string.Join('|', session.Thoughts.Select(thought => $"{thought.Number} {thought.Parent?.Number} {thought.End} {thought.Text}"));
            run = new Run(choice.Thought?.Number, choice.Confidence, thoughts, policy.Drawn, policy.Steps, ledger.Samples);
        }
        policy.OpenBranches.ShouldBe(0);
        return run;
    }

    // Thoughts of one to four lines of words, and an answer of one digit: what follows depends on the seed, the branch's name and the text so far.
    private static ScriptedPolicy Policy(Action<long>? beforeStep) => new(Rest)
    {
        BeforeStep = beforeStep,
        Choice = (state, choice) => Noise(state.Text + choice),
        Hidden = state => [.. Enumerable.Range(0, 8).Select(i => (float)(Noise(state.Text + i) - 0.5))],
    };

    private static IEnumerable<ThoughtToken> Rest(ScriptedState state)
    {
        ulong branch = state.Key ^ ((ulong)state.Text.Length << 32), draw = 0;
        int lines = (int)(Next() * 4) - state.Text.Count(letter => letter == '\n');
        var text = new System.Text.StringBuilder();
        for (int line = 0; line < lines; line++)
        {
            for (int words = (int)(Next() * 5); words >= 0; words--)
                text.Append("abcde"[(int)(Next() * 5)]).Append(words == 0 ? '\n' : ' ');
        }
        text.Append("= ").Append((int)(Next() * 4));
        foreach (var word in ScriptedPolicy.Words(text.ToString()))
        {
            float surprise = (float)(3 * Next());
            yield return word with
            {
                LogProbability = -surprise,
                Entropy = surprise,
                SelfCertainty = (float)(5 * Next()),
                Confidence = (float)(20 * Next()),
            };
        }

        double Next() => CounterRandom.Uniform(state.Seed, branch, draw++);
    }

    // A number from 0 to 1 that looks random and is the text's own: FNV-1a.
    private static double Noise(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char letter in text)
            hash = (hash ^ letter) * 1099511628211;
        return CounterRandom.Uniform(hash, 0, 0);
    }

    private sealed record Run(int? Chosen, double? Confidence, string Thoughts, long Drawn, long Steps, int Samples);
}
