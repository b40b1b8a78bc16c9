using Microsoft.Extensions.AI;
using Ponder.Inference.Generation;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Policies;

/// <summary>A chat client at work on one problem: counts what it says that it used.</summary>
internal sealed class ChatPolicySession(ChatPolicy policy) : IPolicySession
{
    private long _prompt;
    private long _generated;
    private long _requests;
    private volatile bool _isUncounted, _isOverdrawn, _isCutByClient;

    /// <inheritdoc/>
    public PolicyUsage Usage => new(
        Interlocked.Read(ref _prompt), Interlocked.Read(ref _generated), 0, 0, Interlocked.Read(ref _requests), 0, 0, double.NaN, double.NaN);

    /// <inheritdoc/>
    public IReadOnlyList<string> Notes
    {
        get
        {
            var notes = new List<string>();
            if (_isUncounted)
                notes.Add($"The chat client {policy.Name} does not say how many tokens it used: they count as 0, and a budget of tokens does not hold.");
            if (_isOverdrawn)
                notes.Add($"The chat client {policy.Name} gives more tokens than it is asked for: a budget of tokens can be overdrawn.");
            if (_isCutByClient)
                notes.Add($"The chat client {policy.Name} broke answers off for reasons of its own; they count as cut.");
            return notes;
        }
    }

    /// <inheritdoc/>
    public IPolicyBranch Start(Prompt prompt, ulong key) => new Branch(prompt, key);

    /// <inheritdoc/>
    public IReadOnlyList<Task<FinishReason>> Extend(IReadOnlyList<Continuation> continuations, CancellationToken cancellationToken)
    {
        foreach (var continuation in continuations)
        {
            var branch = (Branch)continuation.Branch;
            branch.DemandFresh("be extended again");
            ChatRequests.Demand(branch.Prompt, continuation);
        }
        return [.. continuations.Select(continuation => AnswerAsync(continuation, cancellationToken))];
    }

    /// <inheritdoc/>
    public Task<double[]> ChoicesAsync(IPolicyBranch branch, IReadOnlyList<string> choices, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The chat client {policy.Name} cannot tell how likely given texts are.");

    /// <inheritdoc/>
    public Task<float[]> HiddenStatesAsync(IPolicyBranch branch, IReadOnlyList<int> layers, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"The chat client {policy.Name} shows no hidden states.");

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private async Task<FinishReason> AnswerAsync(Continuation continuation, CancellationToken stop)
    {
        var branch = (Branch)continuation.Branch;
        branch.HasAnswer = true;
        var response = await policy.AskAsync(branch.Prompt, start => ChatRequests.Options(start, continuation, branch.Key), stop).ConfigureAwait(false);
        int drawn = Count(response.Usage?.OutputTokenCount);
        Interlocked.Add(ref _generated, drawn);
        Interlocked.Add(ref _prompt, Count(response.Usage?.InputTokenCount));
        Interlocked.Increment(ref _requests);
        _isUncounted |= response.Usage?.OutputTokenCount is null;
        _isOverdrawn |= drawn > continuation.MaxTokens;

        // Some clients do not know stop texts, and some leave them at the end.
        string text = response.Text;
        int end = StopAt(text, continuation);
        bool leavesOff = continuation.OnToken(new ThoughtToken(-1, end < 0 ? text : text[..end]) { Count = drawn });
        if (end >= 0)
            return FinishReason.StopText;
        if (response.FinishReason is null || response.FinishReason == ChatFinishReason.Stop)
            return FinishReason.EndToken;
        _isCutByClient |= response.FinishReason != ChatFinishReason.Length;
        return leavesOff ? FinishReason.Callback : FinishReason.Length;
    }

    private static int StopAt(string text, Continuation continuation) => ChatRequests.StopTexts(continuation)
        .Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0).DefaultIfEmpty(-1).Min();

    private static int Count(long? tokens) => (int)Math.Clamp(tokens ?? 0, 0, int.MaxValue);

    /// <summary>A request that was sent, or will be.</summary>
    private sealed class Branch(Prompt prompt, ulong key) : IPolicyBranch
    {
        public Prompt Prompt => prompt;

        public ulong Key => key;

        public bool HasAnswer { get; set; }

        public int Length => 0;

        public IPolicyBranch Fork(ulong key)
        {
            DemandFresh("be forked");
            return new Branch(prompt, key);
        }

        public int Append(string text, bool mayNameTokens = false) => throw new NotSupportedException("A chat client's answer is the client's alone: no text can be added to it.");

        public IReadOnlyList<int>? TokenIds() => null;

        public void DemandFresh(string deed)
        {
            if (HasAnswer)
                throw new NotSupportedException($"A chat client gives whole answers: one that was given cannot {deed}.");
        }

        public void Dispose()
        {
        }
    }
}
