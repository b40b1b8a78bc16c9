using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class LynxTests
{
    // A probe that says sigmoid(x) of one hidden number x, and whose calibration lets p in [0.9, 1] be right and nothing else:
    // n = 9, delta = 0.2, the 8th smallest strangeness is 0.1.
    private static readonly Probe Sigmoid = new("script", [-1], [0], [1], [new DenseLayer(1, 1) { Weights = [1] }], [0, 0, 0, 0, 0, 0, 0, 0.1, 1]);

    private const string Thinking = "three plus four wait is it seven Wait yes it is hmm = 8";

    /// <summary>Thinks; sure from the second "wait" on; when made to answer it says 7.</summary>
    private static ScriptedPolicy Policy(Func<string, float> hidden) => new(state =>
        state.Text.EndsWith("answer:", StringComparison.Ordinal) ? ScriptedPolicy.Words(" = 7") : ScriptedPolicy.Words(Thinking[state.Text.Length..]))
    {
        Hidden = state => [hidden(state.Text)],
    };

    [Fact]
    public async Task A_thought_answers_at_the_first_cue_where_the_probe_is_sure()
    {
        var asked = new List<string>();
        var policy = Policy(text =>
        {
            asked.Add(text);
            return text.Contains("Wait") ? 4 : 0;               // 0.98: {right}; 0.5: neither can be believed
        });
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await new Lynx(Sigmoid, delta: 0.2).SolveAsync(session);
            choice.Thought!.Answer.ShouldBe("7");
            choice.Thought.Text.ShouldBe("three plus four wait is it seven Wait \n\nFinal answer: = 7");
            asked.ShouldBe(["three plus four wait ", "three plus four wait is it seven Wait "]);
            session.Ledger.GeneratedTokens.ShouldBe(8 + 4);     // to the second cue; then a blank, '=', '7' and the end
            session.Ledger.Samples.ShouldBe(1);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Theory]
    [InlineData(-4)]                                            // sure that it would be wrong
    [InlineData(0)]
    public async Task A_thought_of_which_the_probe_is_not_sure_goes_on_to_its_end(float hidden)
    {
        using var session = ScriptedSession.Open(Policy(_ => hidden));
        var choice = await new Lynx(Sigmoid, delta: 0.2).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("8");
        choice.Thought.Text.ShouldBe(Thinking);
    }

    [Fact]
    public async Task Several_thoughts_vote()
    {
        var policy = new ScriptedPolicy(state => state.Text.EndsWith("answer:", StringComparison.Ordinal)
            ? ScriptedPolicy.Words(" = 7")
            : ScriptedPolicy.Words(Thinking[state.Text.Length..]))
        {
            Hidden = state => [state.Key == 2 ? 0 : 4],
        };
        using var session = ScriptedSession.Open(policy);
        var choice = await new Lynx(Sigmoid, delta: 0.2, samples: 3).SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("7");
        choice.Confidence.ShouldBe(2 / 3.0);
        session.Thoughts[2].Answer.ShouldBe("8");
    }

    [Fact]
    public async Task Lines_can_be_the_cues()
    {
        var asked = new List<string>();
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words("a = 1\nb = 2\nc = 3"[state.Text.Length..]))
        {
            Hidden = state =>
            {
                asked.Add(state.Text);
                return [0];
            },
        };
        using var session = ScriptedSession.Open(policy);
        (await new Lynx(Sigmoid, 0.2, cues: Cues.Lines).SolveAsync(session)).Thought!.Answer.ShouldBe("3");
        asked.ShouldBe(["a = 1\n", "a = 1\nb = 2\n"]);
    }

    [Fact]
    public async Task The_budget_is_kept_to_the_token()
    {
        var policy = Policy(text => text.Contains("Wait") ? 4 : 0);
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 10 } }))
        {
            (await new Lynx(Sigmoid, delta: 0.2).SolveAsync(session)).Thought.ShouldBeNull();
            policy.Drawn.ShouldBe(10);
            session.Ledger.GeneratedTokens.ShouldBe(10);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Cancellation_ends_it_within_a_step()
    {
        using var stop = new CancellationTokenSource();
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(Thinking[state.Text.Length..]))
        {
            Hidden = _ => [0],
            BeforeStep = step =>
            {
                if (step == 6)
                    stop.Cancel();
            },
        };
        using (var session = ScriptedSession.Open(policy, stop: stop.Token))
            await Should.ThrowAsync<OperationCanceledException>(new Lynx(Sigmoid, delta: 0.2).SolveAsync(session));
        policy.Drawn.ShouldBe(6);
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task A_probe_of_another_model_is_refused()
    {
        using var session = ScriptedSession.Open(Policy(_ => 0));
        var foreign = new Probe("other", [-1], [0], [1], [new DenseLayer(1, 1)], [0.1]);
        await Should.ThrowAsync<ProbeException>(new Lynx(foreign).SolveAsync(session));
        Should.Throw<StrategyException>(() => StrategyTable.Create("lynx")).Message.ShouldContain("needs a value for its option probe");
    }
}
