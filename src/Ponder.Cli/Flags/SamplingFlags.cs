using System.CommandLine;
using System.Globalization;
using Ponder.Inference.Sampling;
using Ponder.Models.Loading;

namespace Ponder.Cli.Flags;

/// <summary>How tokens are drawn.</summary>
/// <param name="seed">The seed where the user does not say; null for a random one.</param>
internal sealed class SamplingFlags(ulong? seed = null)
{
    private readonly Option<double?> _temperature = new("--temperature")
    {
        Description = "0 always takes the most likely token, 1 draws from the model's own distribution. [default: the model's, else 0.7]",
        HelpName = "T",
    };

    private readonly Option<double?> _topP = new("--top-p")
    {
        Description = "Draw from the fewest tokens whose probabilities reach P. [default: the model's, else 1]",
        HelpName = "P",
    };

    private readonly Option<int?> _topK = new("--top-k")
    {
        Description = "Draw from the K most likely tokens; 0 for all. [default: the model's, else 0]",
        HelpName = "K",
    };

    private readonly Option<double?> _minP = new("--min-p")
    {
        Description = "Draw from tokens at least P times as likely as the best. [default: the model's, else 0]",
        HelpName = "P",
    };

    private readonly Option<double?> _typical = Number(
        "--typical", "P", "Draw from the tokens of most typical surprise whose probabilities reach P. [default: the model's, else 1]");

    private readonly Option<double?> _topNSigma = Number(
        "--top-n-sigma", "N", "Draw from tokens within N standard deviations of the best logit; 0 for all.");

    private readonly Option<double?> _mirostatTau = Number(
        "--mirostat-tau", "BITS", "Hold the text at this surprise a token (mirostat 2.0); 0 is off.");

    private readonly Option<double?> _mirostatEta = Number("--mirostat-eta", "RATE", "How fast mirostat corrects itself. [default: 0.1]");

    private readonly Option<double?> _repetitionPenalty = Number(
        "--repetition-penalty", "R", "Divide the logits of tokens that were there before, prompt included. [default: the model's, else 1]");

    private readonly Option<double?> _frequencyPenalty = Number(
        "--frequency-penalty", "X", "Take X from a token's logit for each time it was generated.");

    private readonly Option<double?> _presencePenalty = Number("--presence-penalty", "X", "Take X from a token's logit once it was generated.");

    private readonly Option<int> _penaltyWindow = Whole("--penalty-window", "Tokens that penalties look back; 0 for all.", 0);

    private readonly Option<double?> _dryMultiplier = Number("--dry-multiplier", "X", "Punish long repetitions (DRY); 0.8 is usual, 0 is off.");

    private readonly Option<double?> _dryBase = Number("--dry-base", "X", "How DRY grows with each repeated token. [default: 1.75]");

    private readonly Option<int> _dryAllowedLength = Whole("--dry-allowed-length", "Repeated tokens from which on DRY punishes.", 2);

    private readonly Option<int> _dryWindow = Whole("--dry-window", "Tokens that DRY looks back; 0 for all.", 0);

    private readonly Option<string[]> _drySequenceBreakers = new("--dry-sequence-breakers")
    {
        Description = "DRY sees no repetition across this text; may be repeated. [default: newline : \" *]",
        HelpName = "TEXT",
    };

    private readonly Option<string[]> _logitBias = new("--logit-bias")
    {
        Description = "Add VALUE to the logit of token ID, -inf to forbid it; may be repeated.",
        HelpName = "ID=VALUE",
    };

    private readonly Option<ulong?> _seed = SeedFlag.Create(seed);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Option[] options =
        [
            _temperature, _topP, _topK, _minP, _typical, _topNSigma, _mirostatTau, _mirostatEta,
            _repetitionPenalty, _frequencyPenalty, _presencePenalty, _penaltyWindow,
            _dryMultiplier, _dryBase, _dryAllowedLength, _dryWindow, _drySequenceBreakers, _logitBias, _seed,
        ];
        foreach (var option in options)
            command.Add(option);
    }

    /// <summary>The user did not choose the seed.</summary>
    public bool SeedIsRandom(ParseResult parsed) => parsed.GetValue(_seed) is null;

    /// <summary>What was asked for; then what the model recommends; then Ponder's own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="UsageException">A logit bias cannot be read.</exception>
    public SamplingOptions Read(ParseResult parsed, GenerationDefaults model)
    {
        var usual = new SamplingOptions();
        return new SamplingOptions
        {
            Temperature = parsed.GetValue(_temperature) ?? model.Temperature ?? 0.7,
            TopP = parsed.GetValue(_topP) ?? model.TopP ?? usual.TopP,
            TopK = parsed.GetValue(_topK) ?? model.TopK ?? usual.TopK,
            MinP = parsed.GetValue(_minP) ?? model.MinP ?? usual.MinP,
            Typical = parsed.GetValue(_typical) ?? model.Typical ?? usual.Typical,
            TopNSigma = parsed.GetValue(_topNSigma) ?? usual.TopNSigma,
            MirostatTau = parsed.GetValue(_mirostatTau) ?? usual.MirostatTau,
            MirostatEta = parsed.GetValue(_mirostatEta) ?? usual.MirostatEta,
            RepetitionPenalty = parsed.GetValue(_repetitionPenalty) ?? model.RepetitionPenalty ?? usual.RepetitionPenalty,
            FrequencyPenalty = parsed.GetValue(_frequencyPenalty) ?? usual.FrequencyPenalty,
            PresencePenalty = parsed.GetValue(_presencePenalty) ?? usual.PresencePenalty,
            PenaltyWindow = parsed.GetValue(_penaltyWindow),
            DryMultiplier = parsed.GetValue(_dryMultiplier) ?? usual.DryMultiplier,
            DryBase = parsed.GetValue(_dryBase) ?? usual.DryBase,
            DryAllowedLength = parsed.GetValue(_dryAllowedLength),
            DryWindow = parsed.GetValue(_dryWindow),
            DrySequenceBreakers = parsed.GetValue(_drySequenceBreakers) is { Length: > 0 } breakers ? breakers : usual.DrySequenceBreakers,
            LogitBias = ReadBiases(parsed.GetValue(_logitBias) ?? []),
            Seed = SeedFlag.Of(parsed, _seed),
        }.Validated();
    }

    private static Option<double?> Number(string name, string unit, string description) => new(name) { Description = description, HelpName = unit };

    private static Option<int> Whole(string name, string description, int usual) =>
        new(name) { Description = description, HelpName = "N", DefaultValueFactory = _ => usual };

    private static Dictionary<int, double> ReadBiases(string[] texts)
    {
        var biases = new Dictionary<int, double>();
        foreach (string text in texts)
        {
            int sign = text.IndexOf('=', StringComparison.Ordinal);
            string value = sign < 0 ? "" : text[(sign + 1)..];
            double bias = double.NegativeInfinity;
            if (!int.TryParse(text.AsSpan(0, Math.Max(sign, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                || (value != "-inf" && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out bias)))
            {
                throw new UsageException($"--logit-bias wants ID=VALUE, such as 42=-1.5 or 42=-inf, not '{text}'.");
            }
            if (!biases.TryAdd(id, bias))
                throw new UsageException($"--logit-bias is given twice for token {id}.");
        }
        return biases;
    }
}
