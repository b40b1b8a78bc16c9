using System.Text.Json;
using Ponder.Inference;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Cli.Batch;

/// <summary>Reads what a line asks for.</summary>
/// <param name="engine">Whose tokens and chat template the prompts are put in.</param>
/// <param name="defaults">What holds where a line says nothing.</param>
internal sealed class RequestReader(Engine engine, GenerationOptions defaults)
{
    /// <summary>The fields besides <c>id</c>: a line each says what it changes. The names are those of the OpenAI API where it has one.</summary>
    private static readonly (string Name, Func<Draft, FieldValue, Draft> Set)[] Fields =
    [
        ("prompt", (draft, value) => draft with { Prompt = value }),
        ("messages", (draft, value) => draft with { Messages = value }),
        ("n", (draft, value) => draft with { Samples = value.Whole(1, GenerationRequest.MaxSamples) }),
        ("max_tokens", (draft, value) => draft with { Options = draft.Options with { MaxTokens = value.Whole(1, int.MaxValue) } }),
        ("stop", (draft, value) => draft with { Options = draft.Options with { Stop = value.Texts() } }),
        ("priority", (draft, value) => draft with { Options = draft.Options with { Priority = value.Whole(int.MinValue, int.MaxValue) } }),
        ("ignore_eos", (draft, value) => draft with { Options = draft.Options with { IgnoreEnd = value.Flag() } }),
        ("logprobs", (draft, value) => draft with { Options = draft.Options with { LogProbabilities = value.Flag() } }),
        ("seed", (draft, value) => draft.Sample(sampling => sampling with { Seed = value.Seed() })),
        ("temperature", (draft, value) => draft.Sample(sampling => sampling with { Temperature = value.Number() })),
        ("top_p", (draft, value) => draft.Sample(sampling => sampling with { TopP = value.Number() })),
        ("top_k", (draft, value) => draft.Sample(sampling => sampling with { TopK = value.Whole(0, int.MaxValue) })),
        ("min_p", (draft, value) => draft.Sample(sampling => sampling with { MinP = value.Number() })),
        ("typical", (draft, value) => draft.Sample(sampling => sampling with { Typical = value.Number() })),
        ("top_n_sigma", (draft, value) => draft.Sample(sampling => sampling with { TopNSigma = value.Number() })),
        ("mirostat_tau", (draft, value) => draft.Sample(sampling => sampling with { MirostatTau = value.Number() })),
        ("mirostat_eta", (draft, value) => draft.Sample(sampling => sampling with { MirostatEta = value.Number() })),
        ("repetition_penalty", (draft, value) => draft.Sample(sampling => sampling with { RepetitionPenalty = value.Number() })),
        ("frequency_penalty", (draft, value) => draft.Sample(sampling => sampling with { FrequencyPenalty = value.Number() })),
        ("presence_penalty", (draft, value) => draft.Sample(sampling => sampling with { PresencePenalty = value.Number() })),
        ("penalty_window", (draft, value) => draft.Sample(sampling => sampling with { PenaltyWindow = value.Whole(0, int.MaxValue) })),
        ("dry_multiplier", (draft, value) => draft.Sample(sampling => sampling with { DryMultiplier = value.Number() })),
        ("dry_base", (draft, value) => draft.Sample(sampling => sampling with { DryBase = value.Number() })),
        ("dry_allowed_length", (draft, value) => draft.Sample(sampling => sampling with { DryAllowedLength = value.Whole(1, int.MaxValue) })),
        ("dry_window", (draft, value) => draft.Sample(sampling => sampling with { DryWindow = value.Whole(0, int.MaxValue) })),
        ("dry_sequence_breakers", (draft, value) => draft.Sample(sampling => sampling with { DrySequenceBreakers = value.Texts() })),
        ("logit_bias", (draft, value) => draft.Sample(sampling => sampling with { LogitBias = value.NumbersById() })),
    ];

    /// <summary>The names of all fields, in the order of the help.</summary>
    public static IReadOnlyList<string> Names { get; } = [RequestId.Field, .. Fields.Select(field => field.Name)];

    /// <summary>Reads a request.</summary>
    /// <param name="line">An object.</param>
    /// <param name="id">Its id, which makes the seed where the line has none.</param>
    /// <exception cref="Numerics.PonderException">A field is unknown or wrong, or the chat template refuses the messages.</exception>
    /// <exception cref="ArgumentException">A field is out of range.</exception>
    public GenerationRequest Read(JsonElement line, RequestId id)
    {
        var sampling = defaults.Sampling with { Seed = id.Seed(defaults.Sampling.Seed) };
        var draft = new Draft(null, null, 1, defaults with { Sampling = sampling });
        foreach (var field in new FieldValue("the line", line).Fields(Names))
        {
            if (field.Name != RequestId.Field)
                draft = Fields.Single(known => known.Name == field.Name).Set(draft, field);
        }
        return new GenerationRequest(Tokens(draft), draft.Samples, draft.Options.Validated());
    }

    private int[] Tokens(Draft draft) => draft switch
    {
        { Prompt: not null, Messages: not null } => throw new UsageException("The line has both 'prompt' and 'messages'; leave one out."),
        { Prompt: { Value.ValueKind: JsonValueKind.Array } ids } => [.. ids.Items("").Select(id => id.Whole(0, int.MaxValue))],
        { Prompt: { Value.ValueKind: JsonValueKind.String } text } => engine.EncodePrompt(text.Text()),
        { Prompt: { } other } => throw other.Wrong("a text or an array of token ids"),
        { Messages: { } messages } => engine.EncodeChat(MessageReader.Read(messages)),
        _ => throw new UsageException("The line has neither 'prompt' nor 'messages'."),
    };

    /// <summary>What is read so far.</summary>
    private sealed record Draft(FieldValue? Prompt, FieldValue? Messages, int Samples, GenerationOptions Options)
    {
        public Draft Sample(Func<SamplingOptions, SamplingOptions> change) =>
            this with { Options = Options with { Sampling = change(Options.Sampling) } };
    }
}
