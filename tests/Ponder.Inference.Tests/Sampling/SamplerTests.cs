using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Sampling;
using Ponder.Numerics;

namespace Ponder.Inference.Tests.Sampling;

public sealed class SamplerTests
{
    private const int Draws = 40_000;

    private static readonly float[] Logits = [1.2f, -0.5f, 0.1f, 2.0f, -3f, 0.1f, 1.19f, -30f];

    /// <summary>Over two blocks, most of it out of reach.</summary>
    private static readonly float[] Long = [.. Enumerable.Range(0, 300).Select(i => i % 60 == 7 ? 3 + i * 0.002f : i % 9 == 0 ? -1f : -9f)];

    public static TheoryData<string, SamplingOptions> Options => new()
    {
        { "plain", new SamplingOptions { Seed = 1 } },
        { "cold", new SamplingOptions { Temperature = 0.5, Seed = 2 } },
        { "hot", new SamplingOptions { Temperature = 3, Seed = 3 } },
        { "top-k", new SamplingOptions { TopK = 3, Seed = 4 } },
        { "top-k cuts a tie", new SamplingOptions { TopK = 4, Seed = 5 } },
        { "top-p", new SamplingOptions { TopP = 0.8, Seed = 6 } },
        { "min-p", new SamplingOptions { MinP = 0.2, Seed = 7 } },
        { "typical", new SamplingOptions { Typical = 0.7, Seed = 8 } },
        { "top-n-sigma", new SamplingOptions { TopNSigma = 0.6, Seed = 9 } },
        { "mirostat", new SamplingOptions { MirostatTau = 1.1, Seed = 10 } },
        { "bias", new SamplingOptions { LogitBias = new Dictionary<int, double> { [3] = double.NegativeInfinity, [4] = 5 }, Seed = 11 } },
        { "all", new SamplingOptions { Temperature = 1.5, TopK = 5, Typical = 0.99, TopP = 0.9, MinP = 0.1, Seed = ulong.MaxValue } },
    };

    [Theory]
    [MemberData(nameof(Options))]
    public void Draws_follow_the_exact_distribution(string name, SamplingOptions options)
    {
        foreach (float[] logits in (float[][])[Logits, Long])
        {
            var chain = ChainOf(options, logits.Length);
            double[] exact = new NaiveSampler(options, new HashSet<int>()).Distribution(logits, [], 0, 2 * options.MirostatTau);
            var counts = new int[logits.Length];
            var sampler = new Sampler();
            for (int i = 0; i < Draws; i++)
            {
                var state = chain.NewState();
                counts[sampler.Next(logits, chain, ref state, [], 0, (ulong)(i % 7), (ulong)(i / 7), details: false).Id]++;
            }
            ChiSquare.ShouldFit(counts, exact, name);
        }
    }

    [Fact]
    public void Greedy_takes_the_best_and_of_equals_the_lowest_id() =>
        Prop.ForAll((from length in Gen.Choose(1, 400) from values in Gen.Choose(-3, 3).ArrayOf(length) select values).ToArbitrary(), values =>
        {
            float[] logits = [.. values.Select(v => (float)v)];
            DrawOf(logits, SamplingOptions.Greedy).Id.ShouldBe(Array.IndexOf(values, values.Max()));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Zeros_of_both_signs_are_equals() => DrawOf([-1, -0f, 0f, -0f], SamplingOptions.Greedy).Id.ShouldBe(1);

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    public void An_infinite_logit_wins(double temperature)
    {
        var options = new SamplingOptions { Temperature = temperature, TopP = 0.5, TopNSigma = 1 };
        var draw = DrawOf([1, float.PositiveInfinity, 5, float.PositiveInfinity], options, details: true);
        draw.Id.ShouldBe(1);
        draw.LogProbability.ShouldBe(-MathF.Log(2), 1e-6f);
        draw.SampledLogProbability.ShouldBe(0);
        draw.Entropy.ShouldBe(MathF.Log(2), 1e-6f);
        draw.SelfCertainty.ShouldBe(0);                         // the two share all, as evenly as can be
        draw.Confidence.ShouldBe(MathF.Log(2), 1e-6f);
    }

    [Fact]
    public void Any_valid_options_draw_a_token_of_the_vocabulary_that_has_a_probability()
    {
        var cases =
            from values in Gen.Frequency((5, Gen.Choose(-20, 20).Select(i => i / 4f)), (1, Gen.Constant(float.NegativeInfinity)), (3, Gen.Constant(0f)),
                (1, Gen.Elements(3e38f, -3e38f, 1e-40f))).NonEmptyListOf()
            where values.Any(float.IsFinite)
            from temperature in Gen.Elements(0.0, double.Epsilon, 1e-10, 0.7, 1.0, 100.0)
            from topK in Gen.Elements(0, 1, 2, 1000, int.MaxValue)
            from topP in Gen.Elements(double.Epsilon, 1e-20, 0.3, 0.999999, 1.0)
            from minP in Gen.Elements(0.0, double.Epsilon, 0.5, 1.0)
            from typical in Gen.Elements(double.Epsilon, 0.5, 1.0)
            from sigma in Gen.Elements(0, double.Epsilon, 1.0, 1000)
            from tau in Gen.Elements(0, double.Epsilon, 3, 100)
            from seed in Gen.Choose(0, int.MaxValue)
            select (Logits: values.ToArray(), Options: new SamplingOptions
            {
                Temperature = temperature,
                TopK = topK,
                TopP = topP,
                MinP = minP,
                Typical = typical,
                TopNSigma = sigma,
                MirostatTau = tau,
                Seed = (ulong)seed,
            });
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var draw = DrawOf(example.Logits, example.Options, details: true);
            float.IsFinite(example.Logits[draw.Id]).ShouldBeTrue();
            draw.SampledLogProbability.ShouldBeLessThanOrEqualTo(1e-6f);
            draw.Entropy.ShouldBeInRange(-1e-5f, MathF.Log(example.Logits.Length) + 1e-5f);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Top_p_of_almost_nothing_takes_one_of_many_equals()
    {
        foreach (int count in (int[])[3, 49, 1000, 50_000])
            DrawOf(new float[count], new SamplingOptions { TopP = 1e-20 }).Id.ShouldBe(0);
    }

    [Fact]
    public void The_end_of_the_unit_interval_draws_a_token_that_can_be_drawn()
    {
        const double end = 1 - 1.0 / (1UL << 53);
        foreach (int length in (int[])[4, 200, 1000])
        {
            var logits = new float[length];
            Array.Fill(logits, float.NegativeInfinity);
            (logits[1], logits[2]) = (1, 2);
            var row = new LogitRow(logits, 1, new RowBuffers());
            row.Draw(0).ShouldBe(1);
            row.Draw(end).ShouldBe(2);
            var candidates = new Candidates();
            candidates.Fill(ref row, float.NegativeInfinity);
            candidates.Draw(0, out _).ShouldBe(1);
            candidates.Draw(end, out _).ShouldBe(2);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Broken_logits_are_an_error_and_not_a_token(double temperature)
    {
        foreach (double topP in (double[])[1, 0.5])
        {
            var ban = new Dictionary<int, double> { [1] = double.NegativeInfinity };
            var options = new SamplingOptions { Temperature = temperature, TopP = topP, TopNSigma = 2 * (1 - topP), LogitBias = ban };
            Should.Throw<PonderException>(() => DrawOf([1, float.NaN, 2], options)).Message.ShouldContain("NaN");
            float[] nothing = [.. Enumerable.Repeat(float.NegativeInfinity, 200)];
            Should.Throw<PonderException>(() => DrawOf(nothing, options)).Message.ShouldContain("no finite");
            Should.Throw<PonderException>(() => DrawOf([float.NegativeInfinity, 1], options)).Message.ShouldContain("LogitBias forbids every token");
        }
    }

    [Fact]
    public void A_log_probability_is_that_of_the_softmax_whatever_the_offset()
    {
        double[] exact = new NaiveSampler(new SamplingOptions(), new HashSet<int>()).Distribution(Logits, [], 0, 0);
        foreach (float offset in (float[])[0, 1000, -1000])
        {
            float[] moved = [.. Logits.Select(l => l + offset)];
            for (int i = 0; i < exact.Length; i++)
                Sampler.LogProbability(moved, i).ShouldBe(Math.Log(exact[i]), 2e-4);
        }
    }

    [Fact]
    public void Details_are_those_of_the_models_own_distribution_and_of_the_one_drawn_from()
    {
        var options = new SamplingOptions { Temperature = 2, TopK = 3, LogitBias = new Dictionary<int, double> { [4] = 4 } };
        foreach (var asked in (SamplingOptions[])[options, options with { TopK = 0 }, SamplingOptions.Greedy])
        {
            double[] own = new NaiveSampler(new SamplingOptions(), new HashSet<int>()).Distribution(Logits, [], 0, 0);
            double[] sampled = new NaiveSampler(asked, new HashSet<int>()).Distribution(Logits, [], 0, 0);
            var draw = DrawOf(Logits, asked, details: true);
            draw.LogProbability.ShouldBe((float)Math.Log(own[draw.Id]), 1e-5f);
            draw.SampledLogProbability.ShouldBe((float)Math.Log(sampled[draw.Id]), 1e-5f);
            draw.Entropy.ShouldBe((float)-own.Sum(p => p * Math.Log(p)), 1e-5f);
            draw.SelfCertainty.ShouldBe((float)(-Math.Log(own.Length) - own.Average(Math.Log)), 1e-5f);
            draw.Confidence.ShouldBe((float)-own.Average(Math.Log), 1e-5f);         // there are only 8 tokens
            DrawOf(Logits, asked).ShouldBe(new Draw(draw.Id, float.NaN, float.NaN, float.NaN, float.NaN, float.NaN));
        }
    }

    [Fact]
    public void How_sure_the_model_is_agrees_with_the_definitions_on_rows_of_any_length()
    {
        var rows =
            from length in Gen.Choose(1, 6000)
            from shape in Gen.Elements(0, 1, 2, 3)
            from hidden in Gen.Elements(0.0, 0.3, 0.999)
            from seed in Gen.Choose(0, int.MaxValue)
            select Row(length, shape, hidden, new Random(seed));
        Prop.ForAll(rows.ToArbitrary(), logits =>
        {
            var options = new SamplingOptions { LogitBias = new Dictionary<int, double> { [0] = logits.Length == 1 ? 0 : 3 } };
            double highest = logits.Max(), sum = Math.Log(logits.Sum(x => Math.Exp(x - highest)));
            double[] own = [.. logits.Where(float.IsFinite).Select(x => x - highest - sum).OrderDescending()];
            float tolerance = (float)(1e-5 * Math.Max(1, highest - logits.Where(float.IsFinite).Min()));
            foreach (var asked in (SamplingOptions[])[new SamplingOptions(), options])
            {
                var draw = DrawOf(logits, asked, details: true);
                draw.SelfCertainty.ShouldBe((float)(-Math.Log(own.Length) - own.Average()), tolerance);
                draw.Confidence.ShouldBe((float)-own.Take(20).Average(), tolerance);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

        // Rising, falling, all alike, or random; a part of it -infinity, but never all.
        static float[] Row(int length, int shape, double hidden, Random random)
        {
            float[] row = [.. Enumerable.Range(0, length).Select(i => shape switch
            {
                0 => i * 0.01f,
                1 => -i * 0.01f,
                2 => 1.5f,
                _ => (float)(random.NextDouble() * 200 - 100),
            })];
            for (int i = 1; i < length; i++)
                row[i] = random.NextDouble() < hidden ? float.NegativeInfinity : row[i];
            return row;
        }
    }

    [Fact]
    public void A_draw_depends_on_seed_branch_and_position_and_on_nothing_else()
    {
        var seen = new HashSet<ulong>();
        var uniforms = new HashSet<double>();
        for (ulong seed = 0; seed < 10; seed++)
        {
            for (ulong branch = 0; branch < 10; branch++)
            {
                for (ulong position = 0; position < 10; position++)
                {
                    seen.Add(CounterRandom.Bits(seed, branch, position)).ShouldBeTrue("two draws share their bits");
                    CounterRandom.Uniform(seed, branch, position).ShouldBe(CounterRandom.Uniform(seed, branch, position));
                    CounterRandom.Uniform(seed, branch, position).ShouldBeInRange(0, 1 - Math.Pow(2, -53));
                    uniforms.Add(CounterRandom.Uniform(seed, branch, position)).ShouldBeTrue();
                }
            }
        }
    }

    internal static SamplerChain ChainOf(SamplingOptions options, int vocabulary) =>
        SamplerChain.Create(options, new LetterTokenizer([.. Enumerable.Range(0, vocabulary).Select(i => $"t{i}")]), vocabulary);

    private static Draw DrawOf(float[] logits, SamplingOptions options, bool details = false)
    {
        var chain = ChainOf(options, logits.Length);
        var state = chain.NewState();
        return new Sampler().Next(logits, chain, ref state, [], 0, 3, 4, details);
    }
}
