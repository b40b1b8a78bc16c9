using Ponder.Inference;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Models.Tokenizers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;

namespace Ponder.Replay.Sharing;

/// <summary>
/// An engine as a client of a server has it: it holds nothing between two requests. Every extension of a thought is a request of its own with all of the
/// thought's tokens as its prompt. What is drawn is the same as with shared branches; only the way there differs.
/// </summary>
/// <param name="engine">The engine; with or without a cache of prefixes.</param>
/// <param name="atOnce">All requests of a step at once; else one after the other.</param>
internal sealed class RequestPolicy(Engine engine, bool atOnce) : IPolicy
{
    public string Name => "requests";

    public PolicyFeatures Features => PolicyFeatures.Branches;

    public Tokenizer? Tokenizer => engine.Tokenizer;

    public IPolicySession Open() => new Session(engine, atOnce);

    private sealed class Session(Engine engine, bool atOnce) : IPolicySession
    {
        private long _prompt, _generated, _reused, _steps;

        public PolicyUsage Usage => new(_prompt, _generated, _reused, 0, _steps, 0, 0, double.NaN, double.NaN);

        public IPolicyBranch Start(Prompt prompt, ulong key) => new Text(engine.EncodePrompt(prompt.Text!), key);

        public IReadOnlyList<Task<FinishReason>> Extend(IReadOnlyList<Continuation> continuations, CancellationToken cancellationToken)
        {
            if (atOnce)
                return [.. continuations.Select(continuation => RequestAsync(continuation, cancellationToken))];
            var tasks = new List<Task<FinishReason>>();
            Task last = Task.CompletedTask;
            foreach (var continuation in continuations)
            {
                var task = AfterAsync(last, continuation, cancellationToken);
                tasks.Add(task);
                last = task;
            }
            return tasks;
        }

        public Task<double[]> ChoicesAsync(IPolicyBranch branch, IReadOnlyList<string> choices, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<float[]> HiddenStatesAsync(IPolicyBranch branch, IReadOnlyList<int> layers, CancellationToken cancellationToken) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        private async Task<FinishReason> AfterAsync(Task before, Continuation continuation, CancellationToken stop)
        {
            await before;
            return await RequestAsync(continuation, stop);
        }

        private async Task<FinishReason> RequestAsync(Continuation continuation, CancellationToken stop)
        {
            var text = (Text)continuation.Branch;
            var options = new GenerationOptions { MaxTokens = continuation.MaxTokens, Sampling = continuation.Sampling, Rules = continuation.Rules };
            using var branch = engine.CreateBranch(text.Ids, new BranchOptions { Key = text.Key });
            var completion = await engine.ExtendAsync(
                [new BranchExtension(branch, options) { OnToken = token => continuation.OnToken(new ThoughtToken(token.Id, token.Text)) }], stop)[0];
            text.Ids = branch.TokenIds();
            var usage = branch.Usage;
            Interlocked.Add(ref _prompt, usage.PromptTokens);
            Interlocked.Add(ref _generated, usage.GeneratedTokens);
            Interlocked.Add(ref _reused, usage.ReusedTokens);
            Interlocked.Add(ref _steps, usage.Steps);
            return completion.Finish;
        }
    }

    /// <summary>All that a client has of a thought: its tokens.</summary>
    private sealed class Text(int[] ids, ulong key) : IPolicyBranch
    {
        public int[] Ids { get; set; } = ids;

        public ulong Key => key;

        public int Length => Ids.Length;

        public IPolicyBranch Fork(ulong key) => new Text(Ids, key);

        public int Append(string text, bool mayNameTokens = false) => throw new NotSupportedException();

        public IReadOnlyList<int>? TokenIds() => Ids;

        public void Dispose()
        {
        }
    }
}
