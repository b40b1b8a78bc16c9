using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Sampling;

/// <summary>Holds the sampler to the naive reference on random logits, options and histories.</summary>
public sealed class DistributionTests
{
    private const string BreakerText = ";";

    /// <summary>Every fifth token breaks repetitions.</summary>
    private static bool Breaks(int id) => id % 5 == 4;

    // Odd numbers: what is exact in float64 alone would make or break ties with the quarters that logits are.
    private static readonly Gen<SamplingOptions> Options =
        from temperature in Gen.Frequency((1, Gen.Constant(0.0)), (8, Gen.Elements(0.31, 0.7, 1.0, 1.9)))
        from topK in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Elements(1, 2, 7, 40, 300)))
        from topP in Rarely(1, 0.0123, 0.517, 0.9371, 0.99983)
        from minP in Rarely(0, 0.0517, 0.313, 0.9)
        from typical in Rarely(1, 0.217, 0.713, 0.971)
        from sigma in Rarely(0, 0.413, 1.37, 3.3)
        from tau in Rarely(0, 0.71, 3.3)
        from repetition in Rarely(1, 0.8113, 1.3171)
        from frequency in Rarely(0, -0.7137, 0.6131)
        from presence in Rarely(0, -1.1239, 1.9173)
        from window in Gen.Elements(0, 1, 7, 100)
        from multiplier in Rarely(0, 0.8179)
        from allowed in Gen.Elements(1, 2, 4)
        from dryWindow in Gen.Elements(0, 3, 20, 1000)
        from biases in Gen.Frequency(
            (3, Gen.Constant<(int, double)[]>([])),
            (1, (from id in Gen.Choose(0, 4) from bias in Gen.Elements(-100, -1.5, 3, double.NegativeInfinity) select (id, bias)).ArrayOf(2)))
        select new SamplingOptions
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            MinP = minP,
            Typical = typical,
            TopNSigma = sigma,
            MirostatTau = tau,
            RepetitionPenalty = repetition,
            FrequencyPenalty = frequency,
            PresencePenalty = presence,
            PenaltyWindow = window,
            DryMultiplier = multiplier,
            DryAllowedLength = allowed,
            DryWindow = dryWindow,
            DrySequenceBreakers = [BreakerText],
            LogitBias = biases.DistinctBy(b => b.Item1).ToDictionary(b => b.Item1, b => b.Item2),
        };

    [Fact]
    public void The_distribution_is_that_of_the_definitions()
    {
        var cases =
            from length in Gen.Frequency((3, Gen.Choose(6, 40)), (2, Gen.Choose(41, 700)), (1, Gen.Choose(1200, 6000)))
            from spread in Gen.Elements(0.5, 3.0, 9.0)
            from flat in Gen.Elements(0, 1, 4)                  // quarters make ties
            from values in Gen.Choose(-1_000_000, 1_000_000).ArrayOf(length)
            from forbidden in Gen.Elements(0, 0, 3)
            from history in Gen.Choose(0, Math.Min(length, 8) - 1).ListOf()
            from prompt in Gen.Choose(0, history.Count)
            from options in Options
            let logits = values.Select((v, i) => ToLogit(v, spread, flat, forbidden > 0 && i > 5 && i % forbidden == 0)).ToArray()
            select (Logits: logits, History: history.ToArray(), Prompt: prompt, Options: options);
        var sampler = new Sampler();                            // one for all: nothing is left over from the case before
        Prop.ForAll(cases.ToArbitrary(), example => Compare(sampler, example.Logits, example.History, example.Prompt, example.Options))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    private static void Compare(Sampler sampler, float[] logits, int[] history, int prompt, SamplingOptions options)
    {
        var chain = SamplerChain.Create(options, new LetterTokenizer([.. logits.Select((_, i) => Breaks(i) ? $"t{i};" : $"t{i}")]), logits.Length);
        var state = chain.NewState();
        var ids = new int[logits.Length];
        var probabilities = new float[logits.Length];
        int count = sampler.Distribution(logits, chain, state, history, prompt, ids, probabilities);
        var actual = new double[logits.Length];
        for (int i = 0; i < count; i++)
            actual[ids[i]] += probabilities[i];
        actual.Sum().ShouldBe(1, 1e-5);
        var breakers = Enumerable.Range(0, logits.Length).Where(Breaks).ToHashSet();
        double Error(double slack) =>
            new NaiveSampler(options, breakers, slack).Distribution(logits, history, prompt, state.MirostatBound).Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        // What stands within rounding of a threshold may fall on either side of it.
        if (Error(1) > 1e-5 && Error(1 - 1e-5) > 1e-5 && Error(1 + 1e-5) > 1e-5)
            Error(1).ShouldBeLessThan(1e-5, $"{logits.Length} logits, {options}");

        var draw = sampler.Next(logits, chain, ref state, history, prompt, 1, 2, details: true);
        Math.Exp(draw.SampledLogProbability).ShouldBe(actual[draw.Id], 1e-5);
    }

    private static float ToLogit(int value, double spread, int flat, bool forbidden)
    {
        if (forbidden)
            return float.NegativeInfinity;
        double logit = value * 1e-6 * spread;
        return (float)(flat == 0 ? logit : Math.Round(logit * flat) / flat);
    }

    private static Gen<double> Rarely(double usual, params double[] others) => Gen.Frequency((3, Gen.Constant(usual)), (1, Gen.Elements(others)));
}
