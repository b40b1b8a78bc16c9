using Microsoft.Extensions.AI;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Policies;

/// <summary>
/// Any <see cref="IChatClient"/> of Microsoft.Extensions.AI: whole answers only, a request each. A plain prompt is sent as a message of the user's. What
/// was used is what the client says; it is noted where the client says nothing, or gives more tokens than it was asked for.
/// </summary>
public sealed class ChatPolicy : IPolicy
{
    private readonly IChatClient _client;
    private readonly ChatOptions? _options;
    private readonly SemaphoreSlim _requests;

    /// <summary>A chat client as a policy.</summary>
    /// <param name="client">The client; the policy does not own it.</param>
    /// <param name="options">
    /// What every request starts from. The seed, the number of tokens, and what the sampling options set to other than their defaults win over it.
    /// </param>
    /// <param name="concurrency">Most requests at once, at least 1; those that wait are sent in about the order of the thoughts.</param>
    public ChatPolicy(IChatClient client, ChatOptions? options = null, int concurrency = 8)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        (_client, _options, _requests) = (client, options?.Clone(), new SemaphoreSlim(concurrency));
        var about = client.GetService(typeof(ChatClientMetadata)) as ChatClientMetadata;
        Name = options?.ModelId ?? about?.DefaultModelId ?? about?.ProviderName ?? "chat client";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public PolicyFeatures Features => PolicyFeatures.None;

    /// <inheritdoc/>
    public IPolicySession Open() => new ChatPolicySession(this);

    /// <summary>Sends one request, when it is its turn.</summary>
    /// <exception cref="PolicyException">The client failed.</exception>
    internal async Task<ChatResponse> AskAsync(Prompt prompt, Func<ChatOptions?, ChatOptions> options, CancellationToken stop)
    {
        await _requests.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await _client.GetResponseAsync(ChatRequests.Messages(prompt), options(_options), stop).ConfigureAwait(false);
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException(stop);         // whatever the client makes of it
        }
        catch (Exception error)
        {
            throw new PolicyException($"The chat client {Name} failed: {error.Message}", error);
        }
        finally
        {
            _requests.Release();
        }
    }
}
