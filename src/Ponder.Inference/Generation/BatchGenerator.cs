using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Models.Tokenizers;
using Ponder.Models.Transformers;
using Ponder.Numerics.Memory;

namespace Ponder.Inference.Generation;

/// <summary>Receives a token of an answer.</summary>
/// <param name="request">The request's number.</param>
/// <param name="sample">The answer's number within it.</param>
/// <param name="token">The token.</param>
internal delegate void TokenReceiver(int request, int sample, GeneratedToken token);

/// <summary>
/// Runs requests to their ends in one batch: a prompt is computed once, its answers fork from it, and as answers finish others take their
/// places. Each step: admit, pick, forward, sample, deliver.
/// </summary>
internal sealed class BatchGenerator(
    Transformer transformer, Tokenizer tokenizer, KvPool pool, EngineOptions options, IReadOnlyList<GenerationRequest> requests, TokenReceiver deliver)
    : IDisposable
{
    private readonly Batch _batch = new();
    private readonly Sampler _sampler = new();
    private readonly List<Answer> _answers = [];
    private RequestState? _filling;                             // the request whose prompt is being computed, or whose answers are being started
    private int _nextRequest;
    private NativeBuffer<float> _logits = new(0);

    public void Run(CancellationToken stop)
    {
        while (Admit())
        {
            stop.ThrowIfCancellationRequested();
            Pick();
            if (_batch.Rows > 0)
                Forward();
            SampleAndDeliver();
        }
    }

    public void Dispose()
    {
        foreach (var answer in _answers)
            answer.Dispose();
        _filling?.Dispose();
        _logits.Dispose();
    }

    /// <summary>Starts the next request and, from a computed prompt, as many answers as there is room for. False when all is done.</summary>
    private bool Admit()
    {
        while (true)
        {
            if (_filling is { IsReady: true })
            {
                while (_filling.HasMoreSamples && _answers.Count < options.MaxBranches)
                    _answers.Add(new Answer(_filling, _filling.Started++, _filling.Prefix.Fork(), tokenizer));
                if (!_filling.HasMoreSamples)
                {
                    _filling.Dispose();
                    _filling = null;
                }
            }
            if (_filling is not null || _nextRequest == requests.Count || _answers.Count >= options.MaxBranches)
                return _answers.Count > 0 || _filling is not null;
            var request = requests[_nextRequest];
            int context = transformer.Config.Context;
            bool longRope = transformer.Config.UsesLongRope(Math.Min(context, request.Prompt.Count + (long)(request.Options.MaxTokens ?? context)));
            var chain = SamplerChain.Create(request.Options.Sampling, tokenizer, transformer.Config.Vocabulary);
            _filling = new RequestState(_nextRequest++, request, context, longRope, new KvSequence(pool), chain);
        }
    }

    /// <summary>One token of every answer, then a chunk of the prompt.</summary>
    private void Pick()
    {
        _batch.Clear();
        foreach (var answer in _answers)
        {
            if (answer.IsNew)
                continue;                                       // draws its first token from the prompt's logits
            int position = answer.Branch.Length;
            answer.Branch.Extend(1);
            _batch.Add([answer.LastToken], position, answer.Branch.Pages, answer.Request.LongRope, OutputRows.Last);
        }
        if (_filling is { IsReady: false })
        {
            int position = _filling.Prefix.Length;
            var left = _filling.PromptLeft;
            var chunk = left[..Math.Min(left.Length, options.ChunkTokens)];
            bool isLast = chunk.Length == left.Length;
            _filling.Prefix.Extend(chunk.Length);
            _batch.Add(chunk, position, _filling.Prefix.Pages, _filling.LongRope, isLast ? OutputRows.Last : OutputRows.None);
        }
    }

    private void Forward()
    {
        long needed = (long)_batch.OutputRows.Length * transformer.Config.Outputs;
        if (_logits.Length < needed)
        {
            _logits.Dispose();
            _logits = new NativeBuffer<float>(needed);
        }
        transformer.Forward(_batch, _logits.Span);
    }

    private void SampleAndDeliver()
    {
        int row = 0;
        foreach (var answer in _answers)
        {
            var logits = answer.IsNew ? answer.Request.Logits : Row(row++);
            deliver(answer.Request.Index, answer.Sample, answer.Next(logits, _sampler));
            if (answer.IsFinished)
                answer.Dispose();
        }
        _answers.RemoveAll(answer => answer.IsFinished);
        if (row < _batch.OutputRows.Length)
            _filling!.SetLogits(Row(row));
    }

    private ReadOnlySpan<float> Row(int row) => _logits.Span.Slice(row * transformer.Config.Outputs, transformer.Config.Outputs);
}
