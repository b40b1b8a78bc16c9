using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Sampling;
using Ponder.Numerics;

namespace Ponder.Inference.Tests.Sampling;

public sealed class SamplerTests
{
    private const int Draws = 40_000;

    private static readonly float[] Logits = [1.2f, -0.5f, 0.1f, 2.0f, -3f, 0.1f, 1.19f, -30f];

    /// <summary>Options, and the sum of squares beyond which one in 100,000 right samplers falls, for as many tokens less one as are left.</summary>
    public static TheoryData<string, SamplingOptions> Options => new()
    {
        { "plain", new SamplingOptions { Seed = 1 } },
        { "cold", new SamplingOptions { Temperature = 0.5, Seed = 2 } },
        { "hot", new SamplingOptions { Temperature = 3, Seed = 3 } },
        { "top-k", new SamplingOptions { TopK = 3, Seed = 4 } },
        { "top-k cuts a tie", new SamplingOptions { TopK = 4, Seed = 5 } },
        { "top-p", new SamplingOptions { TopP = 0.8, Seed = 6 } },
        { "min-p", new SamplingOptions { MinP = 0.2, Seed = 7 } },
        { "all", new SamplingOptions { Temperature = 1.5, TopK = 5, TopP = 0.9, MinP = 0.1, Seed = ulong.MaxValue } },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Draws_follow_the_exact_distribution(string name, SamplingOptions options)
    {
        double[] exact = Exact(Logits, options);
        var counts = new int[Logits.Length];
        var sampler = new Sampler();
        for (int i = 0; i < Draws; i++)
            counts[sampler.Draw(Logits, options, (ulong)(i % 7), (ulong)(i / 7))]++;
        double chiSquare = 0;
        int cells = 0;
        for (int i = 0; i < exact.Length; i++)
        {
            double expected = exact[i] * Draws;
            if (exact[i] == 0)
                counts[i].ShouldBe(0, $"{name}: token {i} cannot be drawn");
            if (expected < 1)
                continue;
            chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
            cells++;
        }
        // Wilson and Hilferty's approximation of the quantile at 4.26 standard deviations, 1 in 100,000.
        int freedom = cells - 1;
        double bar = freedom * Math.Pow(1 - 2.0 / (9 * freedom) + 4.26 * Math.Sqrt(2.0 / (9 * freedom)), 3);
        chiSquare.ShouldBeLessThan(bar, name);
    }

    [Fact]
    public void Greedy_takes_the_best_and_of_equals_the_lowest_id() =>
        Prop.ForAll((from length in Gen.Choose(1, 100) from values in Gen.Choose(-3, 3).ArrayOf(length) select values).ToArbitrary(), values =>
        {
            float[] logits = [.. values.Select(v => (float)v)];
            new Sampler().Draw(logits, SamplingOptions.Greedy, 0, 0).ShouldBe(Array.IndexOf(values, values.Max()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Zeros_of_both_signs_are_equals() =>
        new Sampler().Draw([-1, -0f, 0f, -0f], SamplingOptions.Greedy, 0, 0).ShouldBe(1);

    [Fact]
    public void Any_valid_options_draw_a_token_of_the_vocabulary_that_has_a_probability()
    {
        var cases =
            from values in Gen.Frequency((5, Gen.Choose(-20, 20).Select(i => i / 4f)), (1, Gen.Constant(float.NegativeInfinity)), (3, Gen.Constant(0f))).NonEmptyListOf()
            where values.Any(float.IsFinite)
            from temperature in Gen.Elements(0.0, double.Epsilon, 1e-10, 0.7, 1.0, 100.0)
            from topK in Gen.Elements(0, 1, 2, 1000, int.MaxValue)
            from topP in Gen.Elements(double.Epsilon, 1e-20, 0.3, 0.999999, 1.0)
            from minP in Gen.Elements(0.0, double.Epsilon, 0.5, 1.0)
            from seed in Gen.Choose(0, int.MaxValue)
            select (Logits: values.ToArray(), Options: new SamplingOptions { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, Seed = (ulong)seed });
        var sampler = new Sampler();
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            example.Options.Validated();
            float.IsFinite(example.Logits[sampler.Draw(example.Logits, example.Options, 3, 4)]).ShouldBeTrue();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Top_p_of_almost_nothing_takes_one_of_many_equals()
    {
        foreach (int count in (int[])[3, 49, 1000, 50_000])
            new Sampler().Draw(new float[count], new SamplingOptions { TopP = 1e-20 }, 0, 0).ShouldBe(0);
    }

    [Fact]
    public void The_end_of_the_unit_interval_draws_a_token_that_can_be_drawn()
    {
        var candidates = new Candidates();
        candidates.Fill([0f, 1f, 2f, float.NegativeInfinity], 1);
        candidates.Draw(1 - Math.Pow(2, -53)).ShouldBe(2);
        candidates.Draw(0).ShouldBe(0);
        candidates.Fill([float.NegativeInfinity, 1f], 1);
        candidates.Draw(0).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Broken_logits_are_an_error_and_not_a_token(double temperature)
    {
        var options = new SamplingOptions { Temperature = temperature };
        Should.Throw<PonderException>(() => new Sampler().Draw([1, float.NaN, 2], options, 0, 0)).Message.ShouldContain("NaN");
        float[] nothing = [.. Enumerable.Repeat(float.NegativeInfinity, 9)];
        Should.Throw<PonderException>(() => new Sampler().Draw(nothing, options, 0, 0)).Message.ShouldContain("no finite");
    }

    [Fact]
    public void A_log_probability_is_that_of_the_softmax_whatever_the_offset()
    {
        double[] exact = Exact(Logits, new SamplingOptions());
        foreach (float offset in (float[])[0, 1000, -1000])
        {
            float[] moved = [.. Logits.Select(l => l + offset)];
            for (int i = 0; i < exact.Length; i++)
                Sampler.LogProbability(moved, i).ShouldBe(Math.Log(exact[i]), 2e-4);
        }
    }

    [Fact]
    public void A_draw_depends_on_seed_branch_and_position_and_on_nothing_else()
    {
        var seen = new HashSet<ulong>();
        for (ulong seed = 0; seed < 10; seed++)
        {
            for (ulong branch = 0; branch < 10; branch++)
            {
                for (ulong position = 0; position < 10; position++)
                {
                    seen.Add(CounterRandom.Bits(seed, branch, position)).ShouldBeTrue("two draws share their bits");
                    CounterRandom.Uniform(seed, branch, position).ShouldBe(CounterRandom.Uniform(seed, branch, position));
                    CounterRandom.Uniform(seed, branch, position).ShouldBeInRange(0, 1 - Math.Pow(2, -53));
                }
            }
        }
    }

    public static TheoryData<SamplingOptions, string> Invalid => new()
    {
        { new SamplingOptions { Temperature = double.NaN }, "Temperature" },
        { new SamplingOptions { Temperature = -0.1 }, "Temperature" },
        { new SamplingOptions { Temperature = double.PositiveInfinity }, "Temperature" },
        { new SamplingOptions { TopK = -1 }, "TopK" },
        { new SamplingOptions { TopP = 0 }, "TopP" },
        { new SamplingOptions { TopP = 1.01 }, "TopP" },
        { new SamplingOptions { TopP = double.NaN }, "TopP" },
        { new SamplingOptions { MinP = -0.01 }, "MinP" },
        { new SamplingOptions { MinP = 1.01 }, "MinP" },
        { new SamplingOptions { MinP = double.NaN }, "MinP" },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Options_out_of_range_name_the_field(SamplingOptions options, string field) =>
        Should.Throw<ArgumentOutOfRangeException>(() => options.Validated()).ParamName.ShouldBe(field);

    /// <summary>The distribution by the definitions of the options, over sorted lists.</summary>
    private static double[] Exact(float[] logits, SamplingOptions options)
    {
        double[] weights = [.. logits.Select(l => Math.Exp(l / options.Temperature))];
        double sum = weights.Sum();
        var left = weights.Select((w, id) => (Id: id, P: w / sum)).OrderByDescending(t => t.P).ThenBy(t => t.Id).ToList();
        if (options.TopK > 0)
            left = [.. left.Take(options.TopK)];
        double mass = left.Sum(t => t.P), reached = 0;
        left = [.. left.TakeWhile(t =>
        {
            bool needed = reached < options.TopP * mass;
            reached += t.P;
            return needed;
        })];
        left = [.. left.Where(t => t.P >= options.MinP * left[0].P)];
        var exact = new double[logits.Length];
        double kept = left.Sum(t => t.P);
        foreach (var (id, p) in left)
            exact[id] = p / kept;
        return exact;
    }
}
