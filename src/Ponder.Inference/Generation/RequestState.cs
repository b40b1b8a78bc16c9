using Ponder.Inference.Kv;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Generation;

/// <summary>A request in the making: its prompt in the KV cache, computed once, and how many answers were started from it.</summary>
internal sealed class RequestState(int index, GenerationRequest request, int context, bool longRope, KvSequence prefix, SamplerChain chain) : IDisposable
{
    private readonly int[] _prompt = [.. request.Prompt];
    private float[] _logits = [];

    /// <summary>The request's number in its batch.</summary>
    public int Index => index;

    public GenerationOptions Options => request.Options;

    /// <summary>The steps of a draw.</summary>
    public SamplerChain Chain => chain;

    public ReadOnlySpan<int> Prompt => _prompt;

    /// <summary>Most tokens of an answer: what was asked for, and what the context leaves.</summary>
    public int MaxTokens { get; } = Math.Min(request.Options.MaxTokens ?? int.MaxValue, context - request.Prompt.Count + 1);

    /// <summary>The prompt's keys and values.</summary>
    public KvSequence Prefix => prefix;

    /// <summary>Rotates by LongRoPE's long factors.</summary>
    public bool LongRope => longRope;

    /// <summary>Answers that were started.</summary>
    public int Started { get; set; }

    public bool HasMoreSamples => Started < request.Samples;

    /// <summary>Prompt tokens that are not computed yet.</summary>
    public ReadOnlySpan<int> PromptLeft => _prompt.AsSpan(prefix.Length);

    /// <summary>Set once the prompt is computed: the logits of its last token, from which every answer draws its first.</summary>
    public bool IsReady => _logits.Length > 0;

    public ReadOnlySpan<float> Logits => _logits;

    public void SetLogits(ReadOnlySpan<float> logits) => _logits = logits.ToArray();

    public void Dispose() => prefix.Dispose();
}
