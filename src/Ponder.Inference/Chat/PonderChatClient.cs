using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.Extensions.AI;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Templates;

namespace Ponder.Inference.Chat;

/// <summary>
/// An engine as the <see cref="IChatClient"/> of Microsoft.Extensions.AI. Text in, text out: an option that Ponder cannot honour is refused, never
/// ignored. Without a seed in the options a random one is drawn.
/// </summary>
/// <param name="engine">The engine; the client does not own it.</param>
public sealed class PonderChatClient(Engine engine) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("ponder", null, Path.GetFileName(engine.Model.Path.Weights));

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A message or an option asks for what Ponder cannot do.</exception>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            updates.Add(update);
        return updates.ToChatResponse();
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">A message or an option asks for what Ponder cannot do.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        int[] prompt = engine.EncodeChat([.. Turns(messages, options)]);
        var generation = Translate(options);
        string id = Guid.NewGuid().ToString("N");
        int generated = 0;
        await foreach (var token in engine.GenerateAsync(prompt, generation, cancellationToken).ConfigureAwait(false))
        {
            generated++;
            if (token.Text.Length > 0)
                yield return Update(new ChatResponseUpdate(ChatRole.Assistant, token.Text), id);
            if (token.Finish is not { } finish)
                continue;
            var usage = new UsageDetails
            {
                InputTokenCount = prompt.Length,
                OutputTokenCount = generated,
                TotalTokenCount = prompt.Length + generated,
            };
            var last = Update(new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(usage)]), id);
            last.FinishReason = finish == FinishReason.Length ? ChatFinishReason.Length : ChatFinishReason.Stop;
            yield return last;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        AdapterServices.Find(serviceType, serviceKey, _metadata, engine, this);

    /// <summary>Does nothing: the engine belongs to its maker.</summary>
    public void Dispose()
    {
    }

    private ChatResponseUpdate Update(ChatResponseUpdate update, string id)
    {
        update.ResponseId = update.MessageId = id;
        update.ModelId = _metadata.DefaultModelId;
        return update;
    }

    private static IEnumerable<ChatTurn> Turns(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (!string.IsNullOrEmpty(options?.Instructions))
            yield return new ChatTurn("system", options.Instructions);
        foreach (var message in messages)
        {
            var foreign = message.Contents.FirstOrDefault(content => content is not TextContent);
            if (foreign is not null)
                throw new NotSupportedException($"A message holds {foreign.GetType().Name}; Ponder reads text only.");
            yield return new ChatTurn(message.Role.Value, message.Text);
        }
    }

    private static GenerationOptions Translate(ChatOptions? options)
    {
        options ??= new ChatOptions();
        Refuse(options.Tools is { Count: > 0 }, nameof(options.Tools));
        Refuse(options.ResponseFormat is not null and not ChatResponseFormatText, nameof(options.ResponseFormat));
        Refuse(options.ConversationId is not null, nameof(options.ConversationId));
        Refuse(options.Reasoning is not null, nameof(options.Reasoning));
        var sampling = new SamplingOptions
        {
            Temperature = options.Temperature ?? 1,
            TopP = options.TopP ?? 1,
            TopK = options.TopK ?? 0,
            FrequencyPenalty = options.FrequencyPenalty ?? 0,
            PresencePenalty = options.PresencePenalty ?? 0,
            Seed = options.Seed is long seed ? (ulong)seed : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)),
        };
        return new GenerationOptions { Sampling = sampling, MaxTokens = options.MaxOutputTokens, Stop = [.. options.StopSequences ?? []] };
    }

    private static void Refuse(bool asked, string option)
    {
        if (asked)
            throw new NotSupportedException($"ChatOptions.{option} is not supported by Ponder; leave it out.");
    }
}
