using System.Runtime.CompilerServices;
using Ponder.Inference.Embeddings;
using Ponder.Inference.Generation;
using Ponder.Inference.Kv;
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
/// A loaded model that generates, scores and embeds. Thread-safe: calls wait for each other, and within a call everything runs in one batch.
/// Disposal ends what runs after its step; those calls, and all later ones, throw <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class Engine : IDisposable
{
    private readonly EngineOptions _options;
    private readonly RequestChecks _checks;
    private readonly WorkerPool _workers;
    private readonly Transformer _transformer;
    private readonly KvPool _pool;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly CancellationTokenSource _closing = new();
    private int _disposed;

    private Engine(ModelPackage model, EngineOptions options, Action<double>? progress, CancellationToken stop)
    {
        Model = model;
        _options = options;
        _checks = new RequestChecks(model);
        var path = options.Path ?? ExecutionPath.Current;
        Path = options.Precision == Precision.Exact ? path.Exact : path;
        _workers = new WorkerPool(options.Threads);
        Transformer? transformer = null;
        try
        {
            transformer = new Transformer(model.Config, model.Weights, model.Path.IsGguf, _workers, Path, KvFormat);
            transformer.Repack(options.WeightCache, progress, stop);
        }
        catch
        {
            transformer?.Dispose();
            _workers.Dispose();                                 // its threads would wait for ever
            throw;
        }
        _transformer = transformer;
        long free = Math.Max(0, MemoryCheck.Available - model.Weights.FileBytes);
        _pool = new KvPool(_transformer.KvLayout, options.KvMemoryBytes ?? free / 4 * 3);
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

    /// <summary>KV pages that are in use now; 0 when nothing runs.</summary>
    public int KvPagesInUse => _pool.InUse;

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

    /// <summary>Continues a prompt, token by token. Leaving the loop, or cancelling, stops within one step and frees the KV memory.</summary>
    /// <param name="prompt">At least one token.</param>
    /// <param name="options">How to continue; null for the model's own distribution, to the end.</param>
    /// <param name="cancellationToken">Stops the generation.</param>
    /// <exception cref="ContextLengthException">The prompt does not fit the context.</exception>
    public async IAsyncEnumerable<GeneratedToken> GenerateAsync(
        IReadOnlyList<int> prompt, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new GenerationRequest(prompt, 1, options ?? new GenerationOptions());
        _checks.Demand([request]);
        var tokens = WorkStream.ReadAsync<GeneratedToken>((put, stop) => RunAsync([request], (_, _, token) => put(token), stop), cancellationToken);
        await foreach (var token in tokens.ConfigureAwait(false))
            yield return token;
    }

    /// <summary>Runs requests to their ends, all in one batch.</summary>
    /// <param name="requests">Prompts with the number of answers to each.</param>
    /// <param name="progress">Called for every token, on another thread, with the request's and the answer's number; must return quickly.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>For each request its answers, in order.</returns>
    /// <exception cref="ContextLengthException">A prompt does not fit the context; nothing was computed.</exception>
    public async Task<IReadOnlyList<IReadOnlyList<Completion>>> CompleteAsync(
        IReadOnlyList<GenerationRequest> requests, Action<int, int, GeneratedToken>? progress = null, CancellationToken cancellationToken = default)
    {
        _checks.Demand(requests);
        CompletionBuilder[][] builders = [.. requests.Select(r => Enumerable.Range(0, r.Samples).Select(_ => new CompletionBuilder()).ToArray())];
        await RunAsync(requests, Deliver, cancellationToken).ConfigureAwait(false);
        return [.. builders.Select(answers => answers.Select(answer => answer.Build()).ToArray())];

        void Deliver(int request, int sample, GeneratedToken token)
        {
            builders[request][sample].Add(token);
            progress?.Invoke(request, sample, token);
        }
    }

    /// <summary>Embeds texts: hidden states pooled as the model says, scaled to length 1.</summary>
    /// <param name="texts">Token ids of each text, special tokens included.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>[texts][width].</returns>
    /// <exception cref="ContextLengthException">A text does not fit the context.</exception>
    public Task<float[][]> EmbedAsync(IReadOnlyList<IReadOnlyList<int>> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        foreach (var text in texts)
            _checks.DemandTokens(text, "The text");
        return ComputeAsync(stop => new Embedder(_transformer, _pool, _options).Run(texts, stop), cancellationToken);
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
    public Task<double[][]> ScoreAsync(
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
        return ComputeAsync(stop => new Scorer(_transformer, _pool, _options).Run(prompt, continuations, stop), cancellationToken);
    }

    /// <summary>Reads the outputs of a text's tokens in order: logits, reward scores, or hidden states, whatever the model's head gives.</summary>
    /// <param name="tokens">At least one token.</param>
    /// <param name="read">Called for every token with its number and its outputs, valid during the call.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <exception cref="ContextLengthException">The text does not fit the context.</exception>
    public Task ReadOutputsAsync(IReadOnlyList<int> tokens, OutputReader read, CancellationToken cancellationToken = default)
    {
        _checks.DemandTokens(tokens, "The text");
        return ComputeAsync(
            stop =>
            {
                new SequenceReader(_transformer, _pool, _options).Run(tokens, 0, read, stop);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Lets a measurement use the parts of a step directly, in its turn.</summary>
    internal Task<T> MeasureAsync<T>(Func<Transformer, KvPool, WorkerPool, CancellationToken, T> measure, CancellationToken cancellationToken) =>
        ComputeAsync(stop => measure(_transformer, _pool, _workers, stop), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
            return;
        _closing.Cancel();
        _turn.Wait();                                           // a running step ends first
        _transformer.Dispose();
        _pool.Dispose();
        _workers.Dispose();
        Model.Dispose();
    }

    /// <summary>Runs requests that were checked.</summary>
    private Task<bool> RunAsync(IReadOnlyList<GenerationRequest> requests, TokenReceiver deliver, CancellationToken cancellationToken)
    {
        return ComputeAsync(
            stop =>
            {
                using var batch = new BatchGenerator(_transformer, Tokenizer, _pool, _options, requests, deliver);
                batch.Run(stop);
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc cref="RequestChecks.DemandLanguageModel"/>
    public void DemandLanguageModel(string what) => _checks.DemandLanguageModel(what);

    private async Task<T> ComputeAsync<T>(Func<CancellationToken, T> compute, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
        try
        {
            await _turn.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                // A thread of its own: a computation of seconds on a pool thread would starve the caller's continuations.
                return await Task.Factory
                    .StartNew(() => compute(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
                    .ConfigureAwait(false);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new ObjectDisposedException(nameof(Engine));
        }
    }
}
