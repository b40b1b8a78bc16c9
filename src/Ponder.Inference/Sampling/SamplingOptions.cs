using System.Collections.ObjectModel;

namespace Ponder.Inference.Sampling;

/// <summary>
/// How a token is drawn from logits. The steps apply in this order, each to what the one before left: logit bias; repetition penalty; frequency and
/// presence penalty; DRY; top-n-sigma; temperature; top-k; typical; top-p; min-p; mirostat. What is at its default does nothing.
/// A step that drops tokens always leaves one.
/// </summary>
public sealed record SamplingOptions
{
    /// <summary>Always the most likely token; ties go to the lowest id.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>
    /// Divides the logits; 0 takes the most likely token, whatever the steps after it, 1 (the default) is the model's own distribution.
    /// </summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Keeps the k most likely tokens; 0 (the default) keeps all.</summary>
    public int TopK { get; init; }

    /// <summary>Keeps the fewest tokens whose probabilities reach this sum (Holtzman et al., arXiv 1904.09751); 1 (the default) keeps all.</summary>
    public double TopP { get; init; } = 1;

    /// <summary>
    /// Keeps tokens at least this likely, as a part of the most likely one (Nguyen et al., arXiv 2407.01082); 0 (the default) keeps all.
    /// </summary>
    public double MinP { get; init; }

    /// <summary>
    /// Keeps the tokens whose surprise is nearest to the expected one, as many as reach this sum of probabilities (Meister et al., arXiv 2202.00666);
    /// 1 (the default) keeps all.
    /// </summary>
    public double Typical { get; init; } = 1;

    /// <summary>
    /// Keeps tokens whose logits are at most so many standard deviations of all logits below the largest, whatever the temperature (Tang et al.,
    /// arXiv 2411.07641); 0 (the default) keeps all.
    /// </summary>
    public double TopNSigma { get; init; }

    /// <summary>
    /// The surprise, in bits a token, at which mirostat 2.0 holds the text: it drops tokens above a bound that it moves after every token (Basu et al.,
    /// arXiv 2007.14966); 0 (the default) is off.
    /// </summary>
    public double MirostatTau { get; init; }

    /// <summary>How far mirostat moves its bound for every bit that a token was off.</summary>
    public double MirostatEta { get; init; } = 0.1;

    /// <summary>
    /// Divides the positive logits of tokens that occur in prompt or answer, and multiplies the negative ones (Keskar et al., arXiv 1909.05858);
    /// 1 (the default) does nothing.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Taken from a token's logit for each time that the answer (not the prompt) holds it, as in the OpenAI API; 0 by default.</summary>
    public double FrequencyPenalty { get; init; }

    /// <summary>Taken from a token's logit once the answer (not the prompt) holds it, as in the OpenAI API; 0 by default.</summary>
    public double PresencePenalty { get; init; }

    /// <summary>How many of the last tokens the three penalties look at; 0 (the default) for all.</summary>
    public int PenaltyWindow { get; init; }

    /// <summary>
    /// DRY ("don't repeat yourself"): a token that would prolong a repetition of n tokens loses multiplier * base^(n - allowed length) of its logit.
    /// 0 (the default) is off; 0.8 is usual.
    /// </summary>
    public double DryMultiplier { get; init; }

    /// <summary>How DRY's penalty grows with each token of a repetition.</summary>
    public double DryBase { get; init; } = 1.75;

    /// <summary>Repetitions that DRY tolerates, in tokens: from this length on it takes away.</summary>
    public int DryAllowedLength { get; init; } = 2;

    /// <summary>How many of the last tokens of prompt and answer DRY looks at; 0 (the default) for all.</summary>
    public int DryWindow { get; init; }

    /// <summary>
    /// Texts across which DRY sees no repetition. A token breaks if it holds one of them; of a text that no token holds, the token that ends it breaks.
    /// </summary>
    public IReadOnlyList<string> DrySequenceBreakers { get; init; } = ["\n", ":", "\"", "*"];

    /// <summary>Added to the logits of single tokens, by id; -infinity forbids a token.</summary>
    public IReadOnlyDictionary<int, double> LogitBias { get; init; } = ReadOnlyDictionary<int, double>.Empty;

    /// <summary>The seed: the same seed and sample number give the same tokens, whatever else runs beside.</summary>
    public ulong Seed { get; init; }

    /// <summary>Returns the options if every field is in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the field that is not.</exception>
    /// <exception cref="ArgumentException">Names the field that holds null or an empty text.</exception>
    public SamplingOptions Validated()
    {
        Demand(Temperature is >= 0 and <= 100, nameof(Temperature), Temperature, "must be from 0 to 100");
        Demand(TopK >= 0, nameof(TopK), TopK, "must not be negative");
        Demand(TopP is > 0 and <= 1, nameof(TopP), TopP, "must be above 0 and at most 1");
        Demand(MinP is >= 0 and <= 1, nameof(MinP), MinP, "must be from 0 to 1");
        Demand(Typical is > 0 and <= 1, nameof(Typical), Typical, "must be above 0 and at most 1");
        Demand(TopNSigma is >= 0 and <= 1000, nameof(TopNSigma), TopNSigma, "must be from 0 to 1000");
        Demand(MirostatTau is >= 0 and <= 100, nameof(MirostatTau), MirostatTau, "must be from 0 to 100");
        Demand(MirostatEta is > 0 and <= 1, nameof(MirostatEta), MirostatEta, "must be above 0 and at most 1");
        Demand(RepetitionPenalty is >= 0.01 and <= 100, nameof(RepetitionPenalty), RepetitionPenalty, "must be from 0.01 to 100");
        Demand(FrequencyPenalty is >= -2 and <= 2, nameof(FrequencyPenalty), FrequencyPenalty, "must be from -2 to 2");
        Demand(PresencePenalty is >= -2 and <= 2, nameof(PresencePenalty), PresencePenalty, "must be from -2 to 2");
        Demand(PenaltyWindow >= 0, nameof(PenaltyWindow), PenaltyWindow, "must not be negative");
        Demand(DryMultiplier is >= 0 and <= 100, nameof(DryMultiplier), DryMultiplier, "must be from 0 to 100");
        Demand(DryBase is >= 1 and <= 100, nameof(DryBase), DryBase, "must be from 1 to 100");
        Demand(DryAllowedLength >= 1, nameof(DryAllowedLength), DryAllowedLength, "must be at least 1");
        Demand(DryWindow >= 0, nameof(DryWindow), DryWindow, "must not be negative");
        ArgumentNullException.ThrowIfNull(DrySequenceBreakers, nameof(DrySequenceBreakers));
        if (DrySequenceBreakers.Any(string.IsNullOrEmpty))
            throw new ArgumentException("DrySequenceBreakers holds an empty text.", nameof(DrySequenceBreakers));
        ArgumentNullException.ThrowIfNull(LogitBias, nameof(LogitBias));
        foreach (var (id, bias) in LogitBias)
        {
            Demand(id >= 0, nameof(LogitBias), id, $"holds token {id}; ids are not negative");
            Demand(bias is (>= -100 and <= 100) or double.NegativeInfinity, nameof(LogitBias), bias, "must be from -100 to 100, or -infinity");
        }
        return this;
    }

    /// <summary>The same for a model's vocabulary: token ids must be in it.</summary>
    /// <inheritdoc cref="Validated()"/>
    internal SamplingOptions Validated(int vocabulary)
    {
        Validated();
        foreach (int id in LogitBias.Keys)
            Demand(id < vocabulary, nameof(LogitBias), id, $"holds token {id}; ids run from 0 to {vocabulary - 1}");
        return this;
    }

    private static void Demand(bool holds, string name, object value, string rule)
    {
        if (!holds)
            throw new ArgumentOutOfRangeException(name, value, $"{name} {rule}.");
    }
}
