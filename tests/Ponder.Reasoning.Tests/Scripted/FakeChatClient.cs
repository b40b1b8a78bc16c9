using Microsoft.Extensions.AI;

namespace Ponder.Reasoning.Tests.Scripted;

/// <summary>A chat client that answers from a function, and remembers what it was asked.</summary>
internal sealed class FakeChatClient(Func<FakeChatClient.Request, CancellationToken, Task<ChatResponse>> answer) : IChatClient
{
    private readonly Lock _gate = new();
    private readonly List<Request> _requests = [];
    private int _running;

    public FakeChatClient(Func<Request, ChatResponse> answer) : this((request, _) => Task.FromResult(answer(request)))
    {
    }

    /// <summary>What was asked, in the order in which it came.</summary>
    public IReadOnlyList<Request> Requests => _requests;

    /// <summary>The most requests at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>An answer with its usage.</summary>
    public static ChatResponse Reply(string text, int tokens, int promptTokens = 10, ChatFinishReason? finish = null) =>
        new(new ChatMessage(ChatRole.Assistant, text))
        {
            FinishReason = finish ?? ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = promptTokens, OutputTokenCount = tokens },
        };

    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Request request;
        lock (_gate)
        {
            request = new Request(_requests.Count, [.. messages], options!);
            _requests.Add(request);
            MostAtOnce = Math.Max(MostAtOnce, ++_running);
        }
        try
        {
            return await answer(request, cancellationToken);
        }
        finally
        {
            lock (_gate)
                _running--;
        }
    }

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("fake", null, "fake-1") : null;

    public void Dispose()
    {
    }

    /// <summary>A request.</summary>
    /// <param name="Number">From 0.</param>
    /// <param name="Messages">The messages.</param>
    /// <param name="Options">The options.</param>
    public sealed record Request(int Number, IReadOnlyList<ChatMessage> Messages, ChatOptions Options)
    {
        /// <summary>The last message's text.</summary>
        public string Last => Messages[^1].Text;
    }
}
