using Ponder.Inference;
using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Models.Tokenizers;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Policies;

/// <summary>
/// An engine in this process. A conversation is put into the words of the model's own chat template; a model without one gets the turns' texts one after
/// another, with a blank line between them and behind them.
/// </summary>
/// <param name="engine">An engine with a language model; the policy does not own it.</param>
public sealed class EnginePolicy(Engine engine) : IPolicy
{
    private readonly long _parameters = engine.Model.Parameters;       // counted over all tensors: once, and not for every entry of a ledger

    /// <inheritdoc/>
    public string Name { get; } = Path.GetFileName(engine.Model.Path.Folder ?? engine.Model.Path.Weights);

    /// <inheritdoc/>
    public PolicyFeatures Features => PolicyFeatures.All;

    /// <summary>The engine.</summary>
    public Engine Engine => engine;

    /// <inheritdoc/>
    public Tokenizer? Tokenizer => engine.Tokenizer;

    /// <inheritdoc/>
    public IPolicySession Open()
    {
        engine.DemandLanguageModel("think a problem through");
        return new EnginePolicySession(engine, _parameters);
    }
}

/// <summary>An engine at work on one problem: all its branches count together.</summary>
internal sealed class EnginePolicySession(Engine engine, long parameters) : IPolicySession
{
    private readonly Lock _gate = new();
    private Branch? _first;                                     // all others count with it
    private double _attended;                                   // positions that drawn and given tokens looked at
    private double _toAttend;                                   // those that prompts will look at when they are computed

    /// <inheritdoc/>
    public PolicyUsage Usage
    {
        get
        {
            if (_first is null)
                return default;
            var usage = _first.Usage;
            var config = engine.Model.Config;
            long rows = usage.PromptTokens + usage.GeneratedTokens + usage.RecomputedTokens;
            double flops = (2.0 * parameters * rows) + (4.0 * config.Heads * config.HeadSize * config.Layers.Count * Volatile.Read(ref _attended));
            double bytes = usage.Steps * (engine.MatrixBytes + (usage.AverageKvTokens * engine.KvBytesPerToken));
            return new PolicyUsage(
                usage.PromptTokens, usage.GeneratedTokens, usage.ReusedTokens, usage.RecomputedTokens, usage.Steps, usage.AverageKvTokens,
                usage.PeakKvTokens, flops, bytes);
        }
    }

    /// <inheritdoc/>
    public IPolicyBranch Start(Prompt prompt, ulong key)
    {
        int[] tokens = prompt.Text is string text ? engine.EncodePrompt(text)
            : engine.Model.ChatTemplate is not null ? engine.EncodeChat(prompt.Turns)
            : engine.EncodePrompt(prompt.AsText() + "\n\n");
        lock (_gate)
        {
            var branch = engine.CreateBranch(tokens, new BranchOptions { Key = key, CountWith = _first });
            _first ??= branch;
            _toAttend += tokens.Length * (tokens.Length + 1.0) / 2;
            return new EngineBranch(branch, engine.Tokenizer);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<Task<FinishReason>> Extend(IReadOnlyList<Continuation> continuations, CancellationToken cancellationToken)
    {
        CountPrompts();
        var options = new Dictionary<(int, bool, bool, object, object), GenerationOptions>();
        var pieces = new TextPieces[continuations.Count];
        var extensions = new BranchExtension[continuations.Count];
        for (int i = 0; i < continuations.Count; i++)
        {
            var continuation = continuations[i];
            pieces[i] = new TextPieces(continuation);
            // Those that are extended alike share their options, and so the sampler that is made of them.
            var kind = (continuation.MaxTokens, continuation.IgnoreEnd, continuation.LogProbabilities, (object)continuation.Sampling, (object)continuation.Rules);
            if (!options.TryGetValue(kind, out var shared))
            {
                options.Add(kind, shared = new GenerationOptions
                {
                    MaxTokens = continuation.MaxTokens,
                    Sampling = continuation.Sampling,
                    Rules = continuation.Rules,
                    IgnoreEnd = continuation.IgnoreEnd,
                    MayGoOn = true,
                    LogProbabilities = continuation.LogProbabilities,
                });
            }
            extensions[i] = new BranchExtension(((EngineBranch)continuation.Branch).Branch, shared) { OnToken = pieces[i].Take };
        }
        var tasks = engine.ExtendAsync(extensions, cancellationToken);
        return [.. tasks.Select((task, i) => FinishAsync(task, (EngineBranch)continuations[i].Branch, pieces[i]))];
    }

    /// <inheritdoc/>
    public async Task<double[]> ChoicesAsync(IPolicyBranch branch, IReadOnlyList<string> choices, CancellationToken cancellationToken)
    {
        CountPrompts();
        var logits = await ((EngineBranch)branch).Branch.OutputsAsync(cancellationToken).ConfigureAwait(false);
        double largest = logits.Max(), sum = logits.Sum(logit => Math.Exp(logit - largest));
        return [.. choices.Select(choice => Math.Exp(logits[engine.Tokenizer.Encode(choice, new EncodeOptions())[0]] - largest) / sum)];
    }

    /// <inheritdoc/>
    public async Task<float[]> HiddenStatesAsync(IPolicyBranch branch, IReadOnlyList<int> layers, CancellationToken cancellationToken)
    {
        CountPrompts();
        var inner = ((EngineBranch)branch).Branch;
        int all = engine.Model.Config.Layers.Count;
        int[] from = [.. layers.Select(layer => layer < 0 ? all + 1 + layer : layer)];
        float[][][] states = await inner.HiddenStatesAsync(from, [inner.Length - 1], cancellationToken).ConfigureAwait(false);
        return [.. states.SelectMany(layer => layer[0])];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void CountPrompts()
    {
        lock (_gate)
            (_attended, _toAttend) = (_attended + _toAttend, 0);
    }

    private async Task<FinishReason> FinishAsync(Task<Completion> task, EngineBranch branch, TextPieces pieces)
    {
        try
        {
            var completion = await task.ConfigureAwait(false);
            pieces.Complete(completion);
            branch.EndedWith(completion);
            return completion.Finish;
        }
        finally
        {
            double drawn = pieces.Tokens, end = branch.Length;
            lock (_gate)
                _attended += drawn * (end - (drawn / 2));
        }
    }

    /// <summary>Hands on the tokens of an extension, and at its end the text that was held back.</summary>
    private sealed class TextPieces(Continuation continuation)
    {
        private int _characters;

        public int Tokens { get; private set; }

        public bool Take(GeneratedToken token)
        {
            Tokens++;
            _characters += token.Text.Length;
            return continuation.OnToken(new ThoughtToken(token.Id, token.Text)
            {
                IsEnd = token.Finish is FinishReason.EndToken or FinishReason.StopText or FinishReason.StopToken,
                LogProbability = (float?)token.LogProbability ?? float.NaN,
                Entropy = (float?)token.Entropy ?? float.NaN,
                SelfCertainty = (float?)token.SelfCertainty ?? float.NaN,
                Confidence = (float?)token.Confidence ?? float.NaN,
            });
        }

        public void Complete(Completion completion)
        {
            if (completion.Text.Length > _characters)
                continuation.OnRest?.Invoke(completion.Text[_characters..]);
        }
    }
}
