using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Generation;

/// <summary>One answer in the making: its branch of the KV cache, its last token, its text.</summary>
internal sealed class Answer(RequestState request, int sample, KvSequence branch, Tokenizer tokenizer) : IDisposable
{
    private readonly StreamingDecoder _decoder = tokenizer.CreateDecoder();
    private readonly StopMatcher _stops = new(request.Options.Stop);
    private readonly int[] _history = request.Chain.ReadsHistory ? [.. request.Prompt, .. new int[request.MaxTokens]] : [];
    private SamplerState _sampling = request.Chain.NewState();
    private int _generated;

    public RequestState Request => request;

    public int Sample => sample;

    public KvSequence Branch => branch;

    /// <summary>The newest token, whose keys and values are not in the cache yet.</summary>
    public int LastToken { get; private set; }

    /// <summary>No token was drawn yet: the first comes from the logits of the prompt.</summary>
    public bool IsNew => _generated == 0;

    public bool IsFinished { get; private set; }

    /// <summary>Draws the next token from its logits.</summary>
    public GeneratedToken Next(ReadOnlySpan<float> logits, Sampler sampler)
    {
        int before = _history.Length == 0 ? 0 : request.Prompt.Length + _generated;
        var draw = sampler.Next(
            logits, request.Chain, ref _sampling, _history.AsSpan(0, before), request.Prompt.Length, (ulong)sample, (ulong)_generated, details: false);
        int id = draw.Id;
        double? logProbability = request.Options.LogProbabilities ? Sampler.LogProbability(logits, id) : null;
        if (_history.Length > 0)
            _history[before] = id;
        LastToken = id;
        _generated++;
        bool ended = !request.Options.IgnoreEnd && tokenizer.Special.EndOfGeneration.Contains(id);
        string text = ended ? "" : _stops.Add(_decoder.Add(id));
        FinishReason? finish = ended ? FinishReason.EndToken
            : _stops.Stopped ? FinishReason.StopText
            : _generated == request.MaxTokens ? FinishReason.Length
            : null;
        if (finish is not null)
        {
            IsFinished = true;
            if (finish != FinishReason.StopText)
            {
                text += _stops.Add(_decoder.Flush());
                text += _stops.Flush();
            }
        }
        return new GeneratedToken(id, text, logProbability, finish);
    }

    public void Dispose() => branch.Dispose();
}
