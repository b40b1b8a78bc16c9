using Ponder.Inference.Sampling.Steps;
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Sampling;

/// <summary>
/// Sampling options as the steps that they ask for, in the order that <see cref="SamplingOptions"/> gives. Immutable: all branches of a request share one.
/// </summary>
internal sealed class SamplerChain
{
    private SamplerChain(SamplingOptions options, Tokenizer tokenizer, int vocabulary)
    {
        Seed = options.Seed;
        Vocabulary = vocabulary;
        Temperature = options.Temperature;
        LogitSteps = [.. ReadLogitSteps(options, tokenizer, vocabulary)];
        Filters = options.Temperature == 0 ? [] : [.. ReadFilters(options)];
        Mirostat = Filters.OfType<Mirostat>().SingleOrDefault();
        ReadsHistory = LogitSteps.Any(step => step.ReadsHistory);
    }

    /// <summary>The seed of the request.</summary>
    public ulong Seed { get; }

    /// <summary>Logits of a row.</summary>
    public int Vocabulary { get; }

    /// <summary>Divides what the logit steps leave; 0 is greedy.</summary>
    public double Temperature { get; }

    /// <summary>Steps that change logits, before the temperature.</summary>
    public ILogitStep[] LogitSteps { get; }

    /// <summary>Steps that drop tokens, after the temperature.</summary>
    public IFilter[] Filters { get; }

    /// <summary>The last filter, if it is on.</summary>
    public Mirostat? Mirostat { get; }

    /// <summary>Draws look at the tokens before.</summary>
    public bool ReadsHistory { get; }

    /// <summary>A draw changes what the next one is drawn from, beyond the history: a token must go through <see cref="Sampler.Next"/> to count.</summary>
    public bool HasState => Mirostat is not null;

    /// <summary>The steps by name, in order.</summary>
    public IEnumerable<string> StepNames =>
        [.. LogitSteps.Select(step => step.GetType().Name), nameof(Temperature), .. Filters.Select(filter => filter.GetType().Name)];

    /// <summary>Compiles options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="tokenizer">Finds DRY's sequence breakers.</param>
    /// <param name="vocabulary">Logits of a row, at least 1.</param>
    /// <exception cref="ArgumentException">Names the option that is out of range.</exception>
    public static SamplerChain Create(SamplingOptions options, Tokenizer tokenizer, int vocabulary)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        return new SamplerChain(options.Validated(vocabulary), tokenizer, vocabulary);
    }

    /// <summary>The state of a branch that begins.</summary>
    public SamplerState NewState() => new(Mirostat?.FirstBound ?? 0);

    private static IEnumerable<ILogitStep> ReadLogitSteps(SamplingOptions options, Tokenizer tokenizer, int vocabulary)
    {
        if (options.LogitBias.Count > 0)
            yield return new LogitBias(options.LogitBias);
        if (options.RepetitionPenalty != 1)
            yield return new RepetitionPenalty((float)options.RepetitionPenalty, options.PenaltyWindow);
        if (options.FrequencyPenalty != 0 || options.PresencePenalty != 0)
            yield return new CountPenalties((float)options.FrequencyPenalty, (float)options.PresencePenalty, options.PenaltyWindow);
        if (options.DryMultiplier != 0)
        {
            yield return new Dry(
                options.DryMultiplier, options.DryBase, options.DryAllowedLength, options.DryWindow,
                SequenceBreakers.Find(options.DrySequenceBreakers, tokenizer, vocabulary));
        }
        if (options.TopNSigma != 0 && options.Temperature != 0)
            yield return new TopNSigma(options.TopNSigma);
    }

    private static IEnumerable<IFilter> ReadFilters(SamplingOptions options)
    {
        if (options.TopK != 0)
            yield return new TopK(options.TopK);
        if (options.Typical < 1)
            yield return new Typical(options.Typical);
        if (options.TopP < 1)
            yield return new TopP(options.TopP);
        if (options.MinP > 0)
            yield return new MinP(options.MinP);
        if (options.MirostatTau > 0)
            yield return new Mirostat(options.MirostatTau, options.MirostatEta);
    }
}
