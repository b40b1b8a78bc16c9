using System.CommandLine;
using Ponder.Inference.Generation;
using Ponder.Inference.Speculation;
using Ponder.Models.Loading;

namespace Ponder.Cli.Flags;

/// <summary>How an answer is drawn and where it ends.</summary>
/// <param name="maxTokens">Most tokens where the user does not say.</param>
/// <param name="seed">The seed where the user does not say; null for a random one.</param>
internal sealed class AnswerFlags(int maxTokens, ulong? seed = null)
{
    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "Most tokens to generate.",
        HelpName = "N",
        DefaultValueFactory = _ => maxTokens,
    };

    private readonly Option<string[]> _stop = new("--stop")
    {
        Description = "End the answer before this text; may be repeated.",
        HelpName = "TEXT",
    };

    private readonly Option<bool> _speculate = new("--speculate")
    {
        Description = "Draft tokens by copying what followed before in the text: the same answer, sooner where it repeats itself.",
    };

    private readonly Option<bool> _ignoreEnd = new("--ignore-eos") { Description = "Go on after the model's own end token." };

    /// <summary>How tokens are drawn.</summary>
    public SamplingFlags Sampling { get; } = new(seed);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        Sampling.AddTo(command);
        command.Add(_maxTokens);
        command.Add(_stop);
        command.Add(_ignoreEnd);
        command.Add(_speculate);
    }

    /// <summary>The user did not choose how long the answer may be.</summary>
    public bool LengthIsDefault(ParseResult parsed) => parsed.GetResult(_maxTokens) is null or { Implicit: true };

    /// <summary>The options.</summary>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public GenerationOptions Read(ParseResult parsed, GenerationDefaults model) => new GenerationOptions
    {
        Sampling = Sampling.Read(parsed, model),
        MaxTokens = parsed.GetValue(_maxTokens),
        Stop = parsed.GetValue(_stop) ?? [],
        IgnoreEnd = parsed.GetValue(_ignoreEnd),
        Speculation = parsed.GetValue(_speculate) ? new SpeculationOptions() : null,
    }.Validated();
}
