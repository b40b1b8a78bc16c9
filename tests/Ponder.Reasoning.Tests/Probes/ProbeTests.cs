using Ponder.Inference.Sampling;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Probes;

public sealed class ProbeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ponder-probe-").FullName;

    private string File => Path.Combine(_folder, "probe.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>One feature that tells, one that is noise, one that never changes; right where the first is above 0, or, for a network, far from 0.</summary>
    internal static ProbeExample[] Examples(int count, ulong seed, bool isRing = false, double noise = 0.3) =>
        [.. Enumerable.Range(0, count).Select(i =>
        {
            double x = 4 * CounterRandom.Uniform(seed, 0, (ulong)i) - 2, y = CounterRandom.Uniform(seed, 1, (ulong)i);
            double seen = x + noise * (CounterRandom.Uniform(seed, 2, (ulong)i) - 0.5);
            return new ProbeExample([(float)(100 + 10 * seen), (float)y, 7], isRing ? Math.Abs(x) > 1.2 : x > 0.8);
        })];

    [Theory]
    [InlineData(false, 0.9)]
    [InlineData(true, 0.9)]                                     // no line parts them: this takes the hidden layers
    public void A_probe_learns_what_can_be_learnt(bool isRing, double least)
    {
        var training = new ProbeTraining { Hidden = isRing ? [16, 8] : [], Epochs = 60, LearningRate = 1e-2, Seed = 1 };
        var probe = ProbeTrainer.Train("m", [2, -1], Examples(800, 1, isRing), training);
        var fresh = Examples(500, 2, isRing);
        fresh.Count(e => probe.Of(e.Features) > 0.5 == e.IsRight).ShouldBeGreaterThan((int)(least * fresh.Length));
        probe.Strangeness.Count.ShouldBe(200);
        var again = ProbeTrainer.Train("m", [2, -1], Examples(800, 1, isRing), training);
        again.Strangeness.ShouldBe(probe.Strangeness);
        ProbeTrainer.Train("m", [2, -1], Examples(800, 1, isRing), training with { Seed = 2 }).Strangeness.ShouldNotBe(probe.Strangeness);
    }

    [Fact]
    public void The_rarer_kind_weighs_as_much_as_the_other()
    {
        // Features that tell nothing: balanced classes end near one half, however few are right.
        ProbeExample[] examples = [.. Enumerable.Range(0, 400).Select(i => new ProbeExample([(float)CounterRandom.Uniform(3, 0, (ulong)i)], i % 10 == 0))];
        var probe = ProbeTrainer.Train("m", [-1], examples, new ProbeTraining { Hidden = [], Epochs = 50, LearningRate = 1e-2 });
        probe.Of([0.5f]).ShouldBe(0.5, 0.1);
    }

    [Fact]
    public void The_conformal_set_misses_the_truth_no_more_often_than_delta_allows()
    {
        const int draws = 1000;
        const double delta = 0.2;
        int missed = 0;
        for (int draw = 0; draw < draws; draw++)
        {
            // A new calibration and one new case each time: what the bound speaks of.
            double[] strangeness = [.. Examples(20, (ulong)draw, noise: 2).SkipLast(1).Select(Strangeness)];
            var probe = new Probe("m", [-1], [0], [1], [new DenseLayer(1, 1)], strangeness);
            var last = Examples(20, (ulong)draw, noise: 2)[^1];
            var (right, wrong) = probe.SetOf(Probability(last), delta);
            missed += (last.IsRight ? right : wrong) ? 0 : 1;
        }
        double deviation = Math.Sqrt(delta * (1 - delta) / draws);
        ((double)missed / draws).ShouldBeLessThan(delta + 3 * deviation);
        ((double)missed / draws).ShouldBeGreaterThan(delta - 1.0 / 20 - 3 * deviation);          // and is not simply everything

        static double Probability(ProbeExample e) => 1 / (1 + Math.Exp(-(e.Features[0] - 100) / 5));
        static double Strangeness(ProbeExample e) => e.IsRight ? 1 - Probability(e) : Probability(e);
    }

    [Fact]
    public void The_threshold_is_the_order_statistic_that_the_definition_says()
    {
        var probe = new Probe("m", [-1], [0], [1], [new DenseLayer(1, 1)], [0.9, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]);
        // n = 9, delta = 0.2: the 8th smallest, 0.8. Right is in the set from 0.2 on, wrong up to 0.8.
        probe.SetOf(0.85, 0.2).ShouldBe((true, false));
        probe.SetOf(0.5, 0.2).ShouldBe((true, true));
        probe.SetOf(0.1, 0.2).ShouldBe((false, true));
        probe.SetOf(0.85, 0.1).ShouldBe((true, true));          // the 9th, 0.9
        probe.SetOf(1, 0.05).ShouldBe((true, true));            // too few cases for that
        probe.SetOf(0.5, 0.9).ShouldBe((false, false));         // the 1st, 0.1
    }

    [Fact]
    public void A_file_gives_the_same_probe_again()
    {
        var probe = ProbeTrainer.Train("a model", [1, 2, -1], Examples(80, 5), new ProbeTraining { Hidden = [4], Epochs = 3 });
        ProbeFile.Save(probe, File);
        var loaded = ProbeFile.Load(File);
        loaded.Model.ShouldBe("a model");
        loaded.Layers.ShouldBe([1, 2, -1]);
        loaded.Strangeness.ShouldBe(probe.Strangeness);
        loaded.Of([103, 0.5f, 7]).ShouldBe(probe.Of([103, 0.5f, 7]));
    }

    [Theory]
    [InlineData("", "no probe")]
    [InlineData("null", "no probe")]
    [InlineData("{\"format\":\"ponder-probe\"}", "no probe")]
    [InlineData("s/ponder-probe/other/", "format is 'other'")]
    [InlineData("s/\"version\":1/\"version\":9/", "version 9")]
    [InlineData("s/\"inputs\":3/\"inputs\":4/", "takes 4 numbers, but gets 3")]
    [InlineData("s/\"outputs\":1/\"outputs\":2147483647/", "bytes where")]
    [InlineData("s/\"layers\":[1]/\"layers\":[]/", "is missing")]
    [InlineData("s/\"strangeness\":[/\"strangeness\":[7,/", "not between 0 and 1")]
    public void A_damaged_file_is_refused_with_its_reason(string change, string reason)
    {
        ProbeFile.Save(ProbeTrainer.Train("m", [1], Examples(40, 5), new ProbeTraining { Hidden = [], Epochs = 1 }), File);
        string[] parts = change.Split('/');
        System.IO.File.WriteAllText(File, parts[0] == "s" ? System.IO.File.ReadAllText(File).Replace(parts[1], parts[2]) : change);
        var error = Should.Throw<ProbeException>(() => ProbeFile.Load(File));
        error.Message.ShouldContain(reason);
        error.Message.ShouldContain(File);
    }

    [Fact]
    public void What_cannot_be_trained_on_is_refused()
    {
        Should.Throw<ProbeException>(() => ProbeTrainer.Train("m", [1], [.. Examples(40, 1).Select(e => e with { IsRight = true })])).Message.ShouldContain("30 are right");
        Should.Throw<ProbeException>(() => ProbeTrainer.Train("m", [1], [.. Examples(40, 1), new ProbeExample([1], true)])).Message.ShouldContain("as many");
        Should.Throw<ProbeException>(() => ProbeTrainer.Train("m", [1], [.. Examples(40, 1), new ProbeExample([1, 2, float.NaN], true)])).Message.ShouldContain("finite");
        Should.Throw<ProbeException>(() => ProbeFile.Load(Path.Combine(_folder, "absent"))).Message.ShouldContain("no such file");
    }

    [Fact]
    public async Task A_probe_is_a_reward_of_its_own_policy_alone()
    {
        var probe = ProbeTrainer.Train("script", [-1], Examples(200, 1), new ProbeTraining { Hidden = [], Epochs = 100, LearningRate = 1e-2 });
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Key == 1 ? "good = 1" : "bad = 2"))
        {
            Hidden = state => [state.Text.Contains("good") ? 118 : 82, 0.5f, 7],
        };
        using var session = ScriptedSession.Open(policy, new SolveSettings { Reward = new ProbeReward(probe) });
        var thoughts = await session.SampleAsync(2, new ExtendOptions { Hold = true });
        await session.ScoreAsync(thoughts);
        thoughts[0].Reward!.Value.ShouldBeGreaterThan(0.8);
        thoughts[1].Reward!.Value.ShouldBeLessThan(0.2);

        var other = ProbeTrainer.Train("other", [-1], Examples(200, 1), new ProbeTraining { Hidden = [], Epochs = 1 });
        using var refusing = ScriptedSession.Open(policy, new SolveSettings { Reward = new ProbeReward(other) });
        var drawn = await refusing.SampleAsync(1);
        (await Should.ThrowAsync<ProbeException>(refusing.ScoreAsync(drawn))).Message.ShouldContain("trained on the model other");
    }
}
