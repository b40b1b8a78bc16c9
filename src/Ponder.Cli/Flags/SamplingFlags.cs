using System.CommandLine;
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

    private readonly Option<ulong?> _seed = SeedFlag.Create(seed);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_temperature);
        command.Add(_topP);
        command.Add(_topK);
        command.Add(_minP);
        command.Add(_seed);
    }

    /// <summary>The user did not choose the seed.</summary>
    public bool SeedIsRandom(ParseResult parsed) => parsed.GetValue(_seed) is null;

    /// <summary>What was asked for; then what the model recommends; then Ponder's own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public SamplingOptions Read(ParseResult parsed, GenerationDefaults model) => new SamplingOptions
    {
        Temperature = parsed.GetValue(_temperature) ?? model.Temperature ?? 0.7,
        TopP = parsed.GetValue(_topP) ?? model.TopP ?? 1,
        TopK = parsed.GetValue(_topK) ?? model.TopK ?? 0,
        MinP = parsed.GetValue(_minP) ?? model.MinP ?? 0,
        Seed = SeedFlag.Of(parsed, _seed),
    }.Validated();
}
