using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Generation;

/// <summary>One answer in the making: its branch of the KV cache, its last token, its text.</summary>
internal sealed class Answer(RequestState request, int sample, KvSequence branch, Tokenizer tokenizer) : IDisposable
{
    private readonly AnswerText _text = new(tokenizer, [.. request.Options.Stop.Select(stop => new StopRule.Text(stop))]);
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
        int id = sampler.Draw(logits, request.Options.Sampling, (ulong)sample, (ulong)_generated);
        double? logProbability = request.Options.LogProbabilities ? Sampler.LogProbability(logits, id) : null;
        LastToken = id;
        _generated++;
        bool ended = !request.Options.IgnoreEnd && tokenizer.Special.EndOfGeneration.Contains(id);
        string text = ended ? "" : _text.Add(id);
        FinishReason? finish = ended ? FinishReason.EndToken
            : _text.Stopped is { } stopped ? stopped
            : _generated == request.MaxTokens ? FinishReason.Length
            : null;
        if (finish is not null)
        {
            IsFinished = true;
            text += _text.Flush();
        }
        return new GeneratedToken(id, text, logProbability, finish);
    }

    public void Dispose() => branch.Dispose();
}
