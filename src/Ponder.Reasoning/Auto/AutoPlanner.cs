using System.Globalization;

namespace Ponder.Reasoning.Auto;

/// <summary>Chooses a strategy and how much of a budget it may spend, from the figures of a task.</summary>
/// <param name="task">The figures.</param>
/// <param name="entries">Those entries that can be run here.</param>
/// <param name="price">Points of accuracy that 1,000 tokens must add, not negative.</param>
internal sealed class AutoPlanner(TaskCalibration task, IReadOnlyList<CalibrationEntry> entries, double price)
{
    /// <summary>What a usual answer's tokens must add where nothing else ends the spending: a tenth of a point.</summary>
    public const double LeastGain = 0.001;

    private const string BestOfN = "best-of-n", RepeatedSampling = "repeated-sampling";

    private readonly (StrategyFamily Family, CalibrationEntry[] Entries)[] _families =
    [
        .. entries.Select(entry => (StrategyFamily.Of(entry.Strategy).Family, Entry: entry)).GroupBy(pair => pair.Family)
            .Select(group => (group.Key, group.Select(pair => pair.Entry).ToArray())),
    ];

    /// <summary>Chooses.</summary>
    /// <param name="limit">Tokens that may be spent; null without a limit.</param>
    /// <param name="difficulty">What is known of the problem.</param>
    /// <param name="probes">Tokens of the limit that probes have spent: families that draw whole answers count them as their own.</param>
    /// <returns>The plan; null where no entry can be run.</returns>
    public AutoPlan? Plan(double? limit, Difficulty difficulty = Difficulty.All, double probes = 0)
    {
        (AutoOffer Offer, double Saturation)[] offers =
        [
            .. _families.Select(family => new FamilyCurve(task, family.Family, family.Entries, difficulty))
                .Select(curve => (
                    Offer: Offer(curve, limit is double most && !ProbeUse.Of(curve.Family).AreSamples ? most - probes : limit, difficulty)!,
                    Saturation: curve.SaturatesAt(Gain)))
                .Where(pair => pair.Offer is not null)
                .OrderByDescending(pair => pair.Offer.Expected - (PriceOfToken * pair.Offer.Tokens)).ThenBy(pair => pair.Offer.Tokens),
        ];
        return offers.Length == 0 ? null : new AutoPlan(offers[0].Offer, [.. offers[1..].Select(pair => pair.Offer)], offers[0].Saturation, difficulty);
    }

    private double PriceOfToken => price / 100 / 1000;

    // What a usual answer's tokens have to add.
    private double Gain => Math.Max(LeastGain, PriceOfToken * task.AnswerTokens);

    private AutoOffer? Offer(FamilyCurve curve, double? limit, Difficulty difficulty)
    {
        if (limit is <= 0)
            return null;
        // Without a limit: as far as it pays. With one: all of it, unless less is clearly better, or more does not pay.
        double most = limit ?? curve.SaturatesAt(Gain);
        if (price > 0)
            most = Math.Min(most, curve.SaturatesAt(Gain));
        if (JudgeOf(curve.Family) is { } judge && judge.BestSamples * task.AnswerTokens < most)
        {
            var best = curve.At(judge.BestSamples * task.AnswerTokens);
            var known = judge.Accuracies.FirstOrDefault(point => point.Samples == judge.BestSamples);
            return known is not null && curve.Family.Name == BestOfN && difficulty == Difficulty.All ? best with { Expected = known.Accuracy } : best;
        }
        var all = curve.At(most);
        var less = curve.Budgets.Where(budget => budget < most).Select(curve.At).MaxBy(offer => offer.Expected);
        return less is not null && less.Expected > all.Expected + Math.Max(less.Error, all.Error) ? less : all;
    }

    // One who chooses by a judge that can be wrong finds, with more to choose from, more wrong answers that the judge likes.
    private JudgeCurve? JudgeOf(StrategyFamily family) => family.Name is BestOfN or RepeatedSampling
        ? task.Judges.FirstOrDefault(judge => judge.Falls && judge.IsVerifier == (family.Name == RepeatedSampling)) : null;
}

/// <summary>What was chosen, and from what.</summary>
/// <param name="Chosen">The strategy.</param>
/// <param name="Others">The best of every other family, the best first.</param>
/// <param name="Saturation">Tokens from which on more bring next to nothing.</param>
/// <param name="Difficulty">What was known of the problem.</param>
internal sealed record AutoPlan(AutoOffer Chosen, IReadOnlyList<AutoOffer> Others, double Saturation, Difficulty Difficulty)
{
    private const int Named = 2;

    /// <summary>The choice in one line.</summary>
    public string Text
    {
        get
        {
            string others = string.Join(", ", Others.Take(Named).Select(offer => string.Create(CultureInfo.InvariantCulture, $"{offer.Family.Text} {offer.Expected:0.00}")));
            string looks = Difficulty == Difficulty.All ? "" : $"it looks {Difficulty.ToString().ToLowerInvariant()}: ";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"auto: {looks}{Chosen.Text} with {Chosen.Tokens:0} tokens, expected {Chosen.Expected:0.00}{(others.Length > 0 ? $" ({others})" : "")}; saturates near {Saturation:0} tokens.");
        }
    }
}
