using Ponder.Inference;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Sessions;

public sealed class EngineSessionTests
{
    private const string Text = "a=28 b=a*3-15 c=b-a d=c+a*5 d?\n";

    private static readonly Problem Problem = new() { Prompt = Prompt.Plain(Text), Question = Text, Answers = new LastLine() };

    [Fact]
    public async Task The_ledgers_sums_are_the_engines_own()
    {
        using var engine = LoadPolicy();
        using var session = new SolveSession(Problem, new EnginePolicy(engine), new SolveSettings { Seed = 3 }, PolicyFeatures.All, default);

        await session.SampleAsync(8);
        var judge = session.Fork(session.Start(Prompt.Plain("Make 84 from 13 24 36 37:\n")), 3);
        await session.ExtendAsync(judge, new ExtendOptions { MaxTokens = 5, Step = "judge" });

        var (ledger, engines) = (session.Ledger, engine.Statistics);
        ledger.GeneratedTokens.ShouldBe(engines.GeneratedTokens);
        ledger.GeneratedTokens.ShouldBe(ledger.Steps.Sum(step => step.GeneratedTokens));
        ledger.GeneratedTokens.ShouldBe(session.Thoughts.Sum(thought => thought.OwnTokens.Count));
        ledger.PromptTokens.ShouldBe(engines.PromptTokens);
        ledger.PromptTokens.ShouldBe(ledger.Steps.Sum(step => step.PromptTokens));
        ledger.PromptTokens.ShouldBe(engine.EncodePrompt(Text).Length + engine.EncodePrompt("Make 84 from 13 24 36 37:\n").Length);
        ledger.SharedTokens.ShouldBe((8 * engine.EncodePrompt(Text).Length) + (3 * engine.EncodePrompt("Make 84 from 13 24 36 37:\n").Length) - ledger.PromptTokens);
        ledger.SequentialTokens.ShouldBe(ledger.Steps.Sum(step => step.SequentialTokens));
        ledger.SharedTokens.ShouldBe(ledger.Steps.Sum(step => step.SharedTokens));
        ledger.Flops.ShouldBe(ledger.Steps.Sum(step => step.Flops), 1);
        ledger.Bytes.ShouldBe(ledger.Steps.Sum(step => step.Bytes), 1);
        ledger.Steps.ShouldAllBe(step => step.AverageKvTokens > 0 && step.AverageKvTokens <= step.KvTokens);
        ledger.Samples.ShouldBe(8);
        ledger.PeakKvTokens.ShouldBe(engines.PeakPages * 16);
        ledger.AverageKvTokens.ShouldBeInRange(1, ledger.PeakKvTokens);
        ledger.Flops.ShouldBeInRange(2.0 * engine.Model.Parameters * (ledger.GeneratedTokens + ledger.PromptTokens), double.MaxValue);
        ledger.Bytes.ShouldBeGreaterThanOrEqualTo(engines.Steps * (double)engine.MatrixBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(333)]
    public async Task An_engine_draws_no_token_beyond_the_budget_and_keeps_no_page(int tokens)
    {
        using var engine = LoadPolicy(new EngineOptions { Threads = 2, CachePrefixes = false });
        var settings = new SolveSettings { Budget = new Budget { Tokens = tokens }, MaxTokens = 128 };

        var outcome = await new Solver(new EnginePolicy(engine), new Majority(64), settings).SolveAsync(Problem);

        engine.Statistics.GeneratedTokens.ShouldBe(tokens);     // sixty-four samples would draw more
        outcome.Ledger.GeneratedTokens.ShouldBe(tokens);
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task Sequential_tokens_and_samples_are_kept_too()
    {
        using var engine = LoadPolicy();
        var settings = new SolveSettings { Budget = new Budget { SequentialTokens = 20, Samples = 5 } };
        var outcome = await new Solver(new EnginePolicy(engine), new Majority(64), settings).SolveAsync(Problem);
        outcome.Ledger.SequentialTokens.ShouldBe(20);
        outcome.Ledger.Samples.ShouldBe(5);
        outcome.Samples.Count().ShouldBe(5);
        outcome.Samples.ShouldAllBe(thought => thought.End == ThoughtEnd.Budget);
        outcome.Notes.ShouldContain("There is no answer: the budget did not suffice for one.");
    }

    [Fact]
    public async Task Time_cuts_thoughts_and_keeps_what_is_there()
    {
        using var engine = LoadPolicy();
        var settings = new SolveSettings { Budget = new Budget { Time = TimeSpan.FromMilliseconds(150) }, MaxTokens = 200 };
        using var session = new SolveSession(Problem, new EnginePolicy(engine), settings, PolicyFeatures.All, default);

        while (session.CanDraw)
            await session.SampleAsync(8);

        session.Ledger.Time.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(140));
        session.Ledger.GeneratedTokens.ShouldBe(engine.Statistics.GeneratedTokens);
        (await session.SampleAsync(1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_seed_alone_decides()
    {
        using var engine = LoadPolicy();
        var problems = Enumerable.Range(0, 6).Select(i => Problem with { Id = $"{i}" }).ToArray();
        var alone = new List<Outcome>();
        var solver = new Solver(new EnginePolicy(engine), new Majority(12), new SolveSettings { Seed = 5 });
        await foreach (var outcome in solver.SolveAsync(problems))
            alone.Add(outcome);
        var crowded = new Solver(new EnginePolicy(engine), new Majority(12), new SolveSettings { Seed = 5, Budget = new Budget { Tokens = 12 * 200 } }) { Parallel = 1 };
        int at = 0;
        await foreach (var outcome in crowded.SolveAsync(problems))
        {
            outcome.Samples.Select(s => s.Text).ShouldBe(alone[at].Samples.Select(s => s.Text));
            outcome.Problem.Id.ShouldBe($"{at++}");
        }
        alone.Select(outcome => outcome.Samples.First().Text).Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Cancellation_frees_everything()
    {
        using var engine = LoadPolicy(new EngineOptions { Threads = 2, CachePrefixes = false });
        using var stop = new CancellationTokenSource();
        int drawn = 0;
        var settings = new SolveSettings();
        using (var session = new SolveSession(Problem, new EnginePolicy(engine), settings, PolicyFeatures.All, stop.Token))
        {
            var thoughts = session.Fork(session.Root, 16);
            var options = new ExtendOptions
            {
                Until = (_, _) =>
                {
                    if (++drawn == 50)
                        stop.Cancel();
                    return false;
                },
            };
            await session.ExtendAsync(thoughts, options).ShouldThrowAsync<OperationCanceledException>();
            drawn.ShouldBeInRange(50, 50 + (2 * 16));
        }
        engine.KvPagesInUse.ShouldBe(0);
    }

    [Fact]
    public async Task What_a_policy_is_likely_to_say_next_and_its_hidden_state_can_be_asked()
    {
        using var engine = LoadPolicy();
        using var session = new SolveSession(Problem, new EnginePolicy(engine), new SolveSettings(), PolicyFeatures.All, default);
        double[] choices = await session.ChoicesAsync(session.Root, "a=", ["28", "3"]);
        choices[0].ShouldBeGreaterThan(0.9);
        choices.Sum().ShouldBeLessThanOrEqualTo(1);
        (await session.HiddenStatesAsync(session.Root, [2, -1])).Length.ShouldBe(2 * 144);
    }

    [Fact]
    public async Task What_was_held_back_when_a_thought_is_left_off_belongs_to_it()
    {
        using var engine = LoadPolicy();
        var settings = new SolveSettings { Stop = ["28\nb=never"], Sampling = SamplingOptions.Greedy };
        using var session = new SolveSession(Problem, new EnginePolicy(engine), settings, PolicyFeatures.All, default);
        var thought = session.Fork(session.Root, 1)[0];
        await session.ExtendAsync([thought], new ExtendOptions { Until = (t, _) => t.GeneratedTokens == 3 });
        thought.Text.ShouldBe("a=28");
        thought.IsOpen.ShouldBeTrue();
        await session.ExtendAsync([thought]);
        thought.Text.ShouldStartWith("a=28\nb=28*3-15=");
    }

    [Fact]
    public async Task A_problem_that_is_too_long_does_not_disturb_its_neighbours()
    {
        using var engine = LoadPolicy();
        Problem[] problems = [Problem, Problem with { Prompt = Prompt.Plain(string.Concat(Enumerable.Repeat(Text, 40))) }, Problem];
        var solver = new Solver(new EnginePolicy(engine), new Majority(4), new SolveSettings());
        var outcomes = new List<Outcome>();
        await foreach (var outcome in solver.SolveAsync(problems))
            outcomes.Add(outcome);
        outcomes.Select(outcome => outcome.Samples.Count()).ShouldBe([4, 0, 4]);
        outcomes[1].Notes[0].ShouldContain("256");
    }

    [Fact]
    public async Task Text_behind_an_ended_thought_takes_the_place_of_its_end_token()
    {
        using var engine = LoadPolicy();
        using var session = new SolveSession(Problem, new EnginePolicy(engine), new SolveSettings { Seed = 2 }, PolicyFeatures.All, default);
        var thought = session.Fork(session.Root, 1)[0];
        await session.ExtendAsync([thought], new ExtendOptions { Hold = true });
        thought.End.ShouldBe(ThoughtEnd.Finished);
        string text = thought.Text;
        int prompt = engine.EncodePrompt(Text).Length;

        session.Append(thought, "d=1\n");

        thought.Text.ShouldBe(text + "d=1\n");
        engine.Tokenizer.Decode([.. thought.TokenIds()!.Skip(prompt)]).ShouldBe(thought.Text);     // without the end token
    }

    [Theory]
    [InlineData("69")]
    [InlineData("8*")]
    [InlineData("\nb")]
    public async Task Text_behind_a_thought_that_a_stop_text_ended_goes_where_its_text_ends(string stop)
    {
        using var engine = LoadPolicy();
        var settings = new SolveSettings { Seed = 2, Stop = [stop], MaxTokens = 40 };
        using var session = new SolveSession(Problem, new EnginePolicy(engine), settings, PolicyFeatures.All, default);
        var thoughts = session.Fork(session.Root, 8);
        await session.ExtendAsync(thoughts, new ExtendOptions { Hold = true });
        int prompt = engine.EncodePrompt(Text).Length;
        var ended = thoughts.Where(thought => thought.End == ThoughtEnd.Finished).ToList();
        ended.ShouldNotBeEmpty();
        foreach (var thought in ended)
        {
            var fork = session.Fork(thought, 1)[0];
            session.Append(fork, "x");
            engine.Tokenizer.Decode([.. fork.TokenIds()!.Skip(prompt)]).ShouldBe(thought.Text + "x");
        }
    }

    private static Engine LoadPolicy(EngineOptions? options = null) => Engine.Load(EmbeddedModels.Policy, options ?? new EngineOptions { Threads = 2 });

    private sealed class LastLine : IAnswerReader
    {
        public string? Read(string text) => text.Contains("####", StringComparison.Ordinal) ? text[text.LastIndexOf("####", StringComparison.Ordinal)..].Trim() : null;

        public bool AreSame(string first, string second) => first == second;
    }
}
