using System.Runtime.CompilerServices;
using Ponder.Inference.Branches;
using Ponder.Inference.Branches.Saving;
using Ponder.Inference.Embeddings;
using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
using Ponder.Inference.Scheduling;
using Ponder.Inference.Scoring;
using Ponder.Models.Files;
using Ponder.Models.Loading;
using Ponder.Models.Templates;
using Ponder.Models.Tokenizers;
using Ponder.Models.Transformers;
using Ponder.Numerics;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Inference;

/// <summary>
/// A loaded model that generates, scores and embeds. Thread-safe: everything that callers ask for at the same time runs in one batch, and what a
/// text becomes does not depend on what runs beside it. Disposal ends what runs after its step; those calls, and all later ones, throw
/// <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class Engine : IDisposable
{
    private readonly EngineOptions _options;
    private readonly RequestChecks _checks;
    private readonly SharedWorkers _workers;
    private readonly Transformer _transformer;
    private readonly KvPool _pool;
    private readonly EngineIdentity _identity;
    private readonly EngineLoop _loop;
    private readonly CancellationTokenSource _closing = new();
    private int _disposed;

    private Engine(ModelPackage model, EngineOptions options, Action<double>? progress, CancellationToken stop)
    {
        Model = model;
        _options = options;
        _checks = new RequestChecks(model);
        var path = options.Path ?? ExecutionPath.Current;
        Path = options.Precision == Precision.Exact ? path.Exact : path;
        _workers = options.Workers ?? new SharedWorkers(options.Threads);
        Transformer? transformer = null;
        try
        {
            transformer = new Transformer(model.Config, model.Weights, model.Path.IsGguf, _workers.Pool, Path, KvFormat);
            transformer.Repack(options.WeightCache, progress, stop);
        }
        catch
        {
            transformer?.Dispose();
            if (options.Workers is null)
                _workers.Dispose();                             // its threads would wait for ever
            throw;
        }
        _transformer = transformer;
        long free = Math.Max(0, MemoryCheck.Available - model.Weights.FileBytes);
        _pool = new KvPool(_transformer.KvLayout, options.KvMemoryBytes ?? free / 4 * 3, options.CachePrefixes);
        _identity = new EngineIdentity(model, Path, options);
        _loop = new EngineLoop(_transformer, _pool, _workers, _checks, model, options, _identity);
    }

    /// <summary>The model's files.</summary>
    public ModelPackage Model { get; }

    /// <summary>The model's tokenizer.</summary>
    public Tokenizer Tokenizer => Model.Tokenizer;

    /// <summary>Longest sequence in tokens.</summary>
    public int Context => Model.Config.Context;

    /// <summary>Threads that compute.</summary>
    public int Threads => _workers.Threads;

    /// <summary>How the kernels compute.</summary>
    public ExecutionPath Path { get; }

    /// <summary>The format of the numbers in KV memory.</summary>
    public KvFormat KvFormat => _options.ChosenKvFormat;

    /// <summary>Bytes of the weight matrices: what a decoded token reads.</summary>
    public long MatrixBytes => _transformer.MatrixBytes;

    /// <summary>Bytes that a token's keys and values take, of all layers.</summary>
    public int KvBytesPerToken => (int)(_transformer.KvLayout.Groups.Sum(group => (long)group.BytesPerPage) / Attention.PageTokens);

    /// <summary>KV pages that are in use now; 0 when nothing runs.</summary>
    public int KvPagesInUse => _pool.InUse;

    /// <summary>What the engine has done so far.</summary>
    public EngineStatistics Statistics => EngineStatistics.Of(_loop, _pool);

    /// <summary>Most prompt tokens in one step.</summary>
    public int ChunkTokens => _options.ChunkTokens;

    /// <summary>Loads a model.</summary>
    /// <param name="path">A GGUF or safetensors file, or a folder with one.</param>
    /// <param name="options">How to use the machine.</param>
    /// <param name="progress">Gets the part of the weights that is ready, 0 to 1, on the calling thread.</param>
    /// <param name="cancellationToken">Stops between two matrices.</param>
    /// <exception cref="ModelFileException">The model is missing, damaged, unknown, or larger than memory.</exception>
    /// <exception cref="PonderException">The system has no memory left for the weights.</exception>
    public static Engine Load(
        string path, EngineOptions? options = null, Action<double>? progress = null, CancellationToken cancellationToken = default)
    {
        options = (options ?? new EngineOptions()).Validated();
        var model = ModelPackage.Open(path);
        try
        {
            MemoryCheck.Demand(path, model.Weights.FileBytes, MemoryCheck.Available);
            return new Engine(model, options, progress, cancellationToken);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The ids of a plain text prompt, with what the model expects before it; names of control tokens inside it stay text.</summary>
    public int[] EncodePrompt(string text) => Tokenizer.Encode(text, new EncodeOptions { AddSpecial = true });

    /// <summary>The ids of a conversation, by the model's own template, ready for the assistant's answer.</summary>
    /// <exception cref="ModelFileException">The model has no chat template.</exception>
    public int[] EncodeChat(IReadOnlyList<ChatTurn> messages) =>
        Tokenizer.Encode(Model.RenderChat(messages), new EncodeOptions { ParseSpecial = true });

    /// <summary>Continues a plain text, token by token.</summary>
    /// <inheritdoc cref="GenerateAsync(IReadOnlyList{int}, GenerationOptions?, CancellationToken)"/>
    public IAsyncEnumerable<GeneratedToken> GenerateAsync(
        string prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        GenerateAsync(EncodePrompt(prompt), options, cancellationToken);

    /// <summary>
    /// Continues a prompt, token by token. Leaving the loop, or cancelling, stops within one step and frees the KV memory. A reader that falls behind
    /// makes its own text wait and no other.
    /// </summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="options">How to continue; null for the model's own distribution, to the end.</param>
    /// <param name="cancellationToken">Stops the generation.</param>
    /// <exception cref="ContextLengthException">The prompt does not fit the context.</exception>
    /// <exception cref="KvMemoryException">The KV memory does not hold the text even alone.</exception>
    /// <exception cref="EngineBusyException">Too much waits already.</exception>
    public async IAsyncEnumerable<GeneratedToken> GenerateAsync(
        IReadOnlyList<int> prompt, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new GenerationRequest(prompt, 1, options ?? new GenerationOptions());
        _checks.Demand([request]);
        cancellationToken.ThrowIfCancellationRequested();
        using var branch = CreateRoot(request);
        await foreach (var token in Extension.StreamAsync(_loop, branch, request.Options, ownsBranch: true, cancellationToken).ConfigureAwait(false))
            yield return token;
    }

    /// <summary>Runs requests to their ends, all in one batch with whatever else runs.</summary>
    /// <param name="requests">Prompts with the number of answers to each.</param>
    /// <param name="progress">Called for every token, on the engine's thread, with the request's and the answer's number; must return quickly.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>For each request its answers, in order. If one fails, all are stopped: requests that must not disturb each other are calls of their own.</returns>
    /// <exception cref="ContextLengthException">A prompt does not fit the context; nothing was computed.</exception>
    /// <exception cref="KvMemoryException">The KV memory does not hold an answer even alone.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<Completion>>> CompleteAsync(
        IReadOnlyList<GenerationRequest> requests, Action<int, int, GeneratedToken>? progress = null, CancellationToken cancellationToken = default)
    {
        _checks.Demand(requests);
        cancellationToken.ThrowIfCancellationRequested();
        CompletionBuilder[][] builders = [.. requests.Select(r => Enumerable.Range(0, r.Samples).Select(_ => new CompletionBuilder()).ToArray())];
        var run = new CompletionRun(_loop, requests, i => CreateRoot(requests[i]), Deliver, 2 * _options.MaxBranches, cancellationToken);
        await run.RunAsync().ConfigureAwait(false);
        return [.. builders.Select(answers => answers.Select(answer => answer.Build()).ToArray())];

        void Deliver(int request, int sample, GeneratedToken token)
        {
            builders[request][sample].Add(token);
            progress?.Invoke(request, sample, token);
        }
    }

    /// <summary>Starts a branch. Nothing is computed until it is extended or read.</summary>
    /// <param name="tokens">At least one token.</param>
    /// <param name="options">What holds for the branch and all its forks.</param>
    /// <exception cref="ContextLengthException">The tokens do not fit the context.</exception>
    public Branch CreateBranch(IReadOnlyList<int> tokens, BranchOptions? options = null)
    {
        options ??= new BranchOptions();
        _checks.DemandTokens(tokens, "The prompt");
        if (options.MaxLength < tokens.Count)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxLength, $"MaxLength must be at least the {tokens.Count} tokens of the prompt.");
        return Create(tokens, options.Key, options.Priority, options.MaxLength ?? Context, options.CountWith);
    }

    /// <summary>Starts a branch with a plain text prompt.</summary>
    /// <inheritdoc cref="CreateBranch(IReadOnlyList{int}, BranchOptions?)"/>
    public Branch CreateBranch(string prompt, BranchOptions? options = null) => CreateBranch(EncodePrompt(prompt), options);

    /// <summary>
    /// Makes a branch again that <see cref="Branch.SaveAsync"/> wrote, in this process or another: it goes on to the same tokens, and what was computed of it
    /// is not computed again. Trust such a file like a model: nothing can tell whether its keys and values are what the tokens come to.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>A branch of its own, whose usage counts from here.</returns>
    /// <exception cref="SavedBranchException">
    /// The file is absent, not a saved branch, cut off or damaged, of a newer version, or of another model or other settings.
    /// </exception>
    /// <exception cref="KvMemoryException">The KV memory does not hold it beside what runs.</exception>
    public Task<Branch> RestoreBranchAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return _loop.Archive.RestoreAsync(path, cancellationToken);
    }

    /// <summary>Extends several branches, all from the same step on.</summary>
    /// <param name="branches">Branches of this engine, each once.</param>
    /// <param name="options">How, and until when; null for the model's own distribution, to the end.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>What was added to each, in order; each ends or fails on its own.</returns>
    /// <exception cref="InvalidOperationException">One of them is being extended already; nothing was started.</exception>
    public IReadOnlyList<Task<Completion>> ExtendAsync(
        IReadOnlyList<Branch> branches, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(branches);
        options ??= new GenerationOptions();
        return ExtendAsync([.. branches.Select(branch => new BranchExtension(branch, options))], cancellationToken);
    }

    /// <summary>Extends several branches, each in its own way, all from the same step on.</summary>
    /// <inheritdoc cref="ExtendAsync(IReadOnlyList{Branch}, GenerationOptions?, CancellationToken)"/>
    public IReadOnlyList<Task<Completion>> ExtendAsync(IReadOnlyList<BranchExtension> extensions, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(extensions);
        return Extension.RunAsync(_loop, extensions, cancellationToken);
    }

    /// <summary>Embeds texts: hidden states pooled as the model says, scaled to length 1.</summary>
    /// <param name="texts">Token ids of each text, special tokens included.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>[texts][width].</returns>
    /// <exception cref="ContextLengthException">A text does not fit the context.</exception>
    /// <exception cref="PonderException">The model gave a number that is not finite.</exception>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var text in texts)
            _checks.DemandTokens(text, "The text");
        return await new Embedder(_loop, Create).EmbedAsync(texts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Embeds texts.</summary>
    /// <inheritdoc cref="EmbedAsync(IReadOnlyList{IReadOnlyList{int}}, CancellationToken)"/>
    public Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken = default) =>
        EmbedAsync([.. texts.Select(EncodePrompt)], cancellationToken);

    /// <summary>The log-probabilities (nats) of continuations of one prompt, which is computed once.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="continuations">Each at least one token.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>For each continuation one number a token.</returns>
    /// <exception cref="ContextLengthException">Prompt and continuation do not fit the context.</exception>
    /// <exception cref="PonderException">The model gave a number that is not finite.</exception>
    public async Task<double[][]> ScoreAsync(
        IReadOnlyList<int> prompt, IReadOnlyList<IReadOnlyList<int>> continuations, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(continuations);
        _checks.DemandLanguageModel("score text");
        _checks.DemandTokens(prompt, "The prompt");
        foreach (var continuation in continuations)
        {
            _checks.DemandTokens(continuation, "The continuation");
            if (prompt.Count + continuation.Count > Context)
                throw new ContextLengthException(prompt.Count + continuation.Count, Context, "The prompt with its continuation");
        }
        return await new Scorer(_loop, Create).ScoreAsync(prompt, continuations, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The outputs of the last token of texts: a reward model's score or classes, or logits. A beginning that all texts share is computed once.
    /// </summary>
    /// <param name="texts">Token ids of each text, special tokens included.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>[texts][outputs].</returns>
    /// <exception cref="ContextLengthException">A text does not fit the context.</exception>
    /// <exception cref="PonderException">The model gave a number that is not finite.</exception>
    public async Task<float[][]> OutputsAsync(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var text in texts)
            _checks.DemandTokens(text, "The text");
        return await new Scorer(_loop, Create).LastOutputsAsync(texts, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the outputs of a text's tokens in order: logits, reward scores, or hidden states, whatever the model's head gives.</summary>
    /// <param name="tokens">At least one token.</param>
    /// <param name="read">Called for every token with its number and its outputs, valid during the call.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <exception cref="ContextLengthException">The text does not fit the context.</exception>
    public async Task ReadOutputsAsync(IReadOnlyList<int> tokens, OutputReader read, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        _checks.DemandTokens(tokens, "The text");
        using var branch = Create(tokens, 0, 0, tokens.Count);
        await _loop.RunAsync(new ReadJob(branch, 0, read) { Whole = branch.MustBeWhole }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets a measurement use the parts of a step directly, between two steps.</summary>
    internal async Task<T> MeasureAsync<T>(Func<Transformer, KvPool, WorkerPool, CancellationToken, T> measure, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        return await _loop.MeasureAsync(measure, stop.Token).ConfigureAwait(false);
    }

    /// <inheritdoc cref="RequestChecks.DemandLanguageModel"/>
    public void DemandLanguageModel(string what) => _checks.DemandLanguageModel(what);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _closing.Cancel();                                      // ends a measurement
        _loop.Close(new ObjectDisposedException(nameof(Engine)), Free);
    }

    private void Free()
    {
        _identity.Dispose();
        _transformer.Dispose();
        _pool.Dispose();
        if (_options.Workers is null)
            _workers.Dispose();
        Model.Dispose();
    }

    private Branch CreateRoot(GenerationRequest request) => Create(
        request.Prompt, 0, request.Options.Priority, (int)Math.Min(Context, request.Prompt.Count + (long)(request.Options.MaxTokens ?? Context)));

    private Branch Create(IReadOnlyList<int> tokens, ulong key, int priority, int maxLength) => Create(tokens, key, priority, maxLength, null);

    private Branch Create(IReadOnlyList<int> tokens, ulong key, int priority, int maxLength, Branch? countWith)
    {
        ObjectDisposedException.ThrowIf(_disposed == 1, this);
        var path = new TokenPath();
        foreach (int token in tokens)
            path.Add(TokenTrace.Given(token));
        return new Branch(_loop, countWith?.Group ?? new RequestGroup(priority), path, key, Model.Config.UsesLongRope(Math.Min(maxLength, Context)));
    }
}
