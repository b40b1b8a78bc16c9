using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Probes;

public sealed class ProbeCollectorTests
{
    [Fact]
    public async Task Every_cue_gives_an_example_with_the_truth_about_answering_there()
    {
        // Thoughts of two lines and an answer; made to answer behind the first line they say 2, behind the second 1, which is right.
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Text.Contains('!') ? (state.Text.Contains("two") ? "= 1" : "= 2") : "one \ntwo \n= 3"[state.Text.Length..]))
        {
            Hidden = state => [state.Text.Length, 1],
        };
        var problem = ScriptedSession.Problem with { Grader = new ScriptedVerifier(text => new Verdict(text.EndsWith("= 1", StringComparison.Ordinal))) };
        var collector = new ProbeCollector(policy, new SolveSettings()) { Layers = [-1], Samples = 2, CueTexts = Cues.Lines, Ending = "! " };

        var examples = await collector.CollectAsync(problem, 0);

        examples.Select(example => example.IsRight).ShouldBe([false, true, false, true]);
        examples.Select(example => example.Features[0]).ShouldBe([5, 10, 5, 10]);
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task A_problem_without_a_known_answer_is_refused()
    {
        var collector = new ProbeCollector(ScriptedPolicy.OfAnswers("= 1"), new SolveSettings()) { Layers = [-1] };
        (await Should.ThrowAsync<ProbeException>(collector.CollectAsync(ScriptedSession.Problem, 0))).Message.ShouldContain("no known answer");
    }

    [Fact]
    public void The_quality_of_a_probe_is_that_of_examples_it_has_not_seen()
    {
        var probe = new Probe("m", [-1], [0], [1], [new DenseLayer(1, 1) { Weights = [1] }], [0.1]);
        ProbeExample[] examples = [new([2], true), new([-1], true), new([-2], false), new([1], false)];
        var quality = ProbeQuality.Of(probe, examples);
        quality.Accuracy.ShouldBe(0.5);
        quality.Auc.ShouldBe(0.75);                             // of four pairs only that of -1 and 1 is the wrong way round
    }
}
