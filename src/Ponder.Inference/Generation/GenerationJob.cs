using System.Diagnostics;
using System.Runtime.InteropServices;
using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Generation;

/// <summary>Extends a branch token by token until a rule ends it.</summary>
internal sealed class GenerationJob : Job
{
    private readonly EngineLoop _loop;
    private readonly GenerationOptions _options;
    private readonly SamplerChain _chain;
    private readonly AnswerText _text;
    private readonly int _mostTokens;
    private SamplerState _state;
    private Draw _draw;
    private bool _hasDraw;
    private int _generated;
    private long _latest = Stopwatch.GetTimestamp();            // when the job was made, then when its latest token came

    /// <summary>Prepares an extension.</summary>
    /// <param name="loop">The loop that will run it.</param>
    /// <param name="branch">The branch, shorter than the context by at most one token.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="chain">The sampling that they ask for.</param>
    public GenerationJob(EngineLoop loop, Branch branch, GenerationOptions options, SamplerChain chain)
        : base(branch)
    {
        _loop = loop;
        _options = options;
        _chain = chain;
        _text = new AnswerText(loop.Tokenizer, options.Rules);
        _state = branch.Sampling ?? chain.NewState();
        _mostTokens = Math.Min(options.MaxTokens ?? int.MaxValue, loop.Context - branch.Length + 1);
        MostTokens = branch.Length + (options.MaxTokens is null ? 0 : _mostTokens - 1);        // the last token is not computed
    }

    public override int MostTokens { get; }

    /// <summary>Receives every token, on the loop's thread.</summary>
    public Action<GeneratedToken>? OnToken { get; init; }

    /// <summary>Told the end of the job, under the gate, on the loop's thread.</summary>
    public Action<Exception?>? OnEnd { get; init; }

    /// <summary>Receives every token; makes the job wait when it is full.</summary>
    public TokenStream? Stream { get; init; }

    public override bool IsStalled => Stream?.IsFull == true;

    public override int FirstOutput => Tokens.Count - 1;

    public override bool GoesOnFromOutputs => Branch.Outputs is not null;

    public override (int Rows, OutputRows Outputs) Plan(int rows) => (rows, rows == Pending ? OutputRows.Last : OutputRows.None);

    public override void Digest(ReadOnlySpan<float> outputs, Sampler sampler)
    {
        _draw = sampler.Next(
            outputs, _chain, ref _state, CollectionsMarshal.AsSpan(Tokens), Branch.Prompt, Branch.Key, (ulong)Tokens.Count, _options.LogProbabilities);
        _hasDraw = true;
    }

    public override bool Deliver()
    {
        if (!_hasDraw)
            return false;
        _hasDraw = false;
        var token = Take(_draw);
        OnToken?.Invoke(token);
        Stream?.Write(token);
        return token.Finish is not null;
    }

    protected override void OnEnded(Exception? error)
    {
        OnEnd?.Invoke(error);
        Stream?.Complete(error);
    }

    private GeneratedToken Take(Draw draw)
    {
        lock (_loop.Gate)
        {
            Tokens.Add(draw.Id);
            Branch.Path.Add(new TokenTrace(draw.Id, true, draw.LogProbability, draw.SampledLogProbability, draw.Entropy));
            Branch.Outputs = null;
            Branch.Sampling = _state;
        }
        _loop.Counters.Tokens.AddGenerated(1);
        Group.Tokens.AddGenerated(1);
        double seconds = Stopwatch.GetElapsedTime(_latest, _loop.Now).TotalSeconds;
        if (_generated++ == 0)
            _loop.Metrics.FirstToken(seconds);
        else
            _loop.Metrics.NextToken(seconds);
        _latest = _loop.Now;
        bool isEnd = !_options.IgnoreEnd && _loop.Tokenizer.Special.EndOfGeneration.Contains(draw.Id);
        string text = isEnd ? "" : _text.Add(draw.Id);
        FinishReason? finish = isEnd ? FinishReason.EndToken : _text.Stopped ?? (_generated == _mostTokens ? FinishReason.Length : null);
        if (finish is not null)
            text += _text.Flush();
        return new GeneratedToken(draw.Id, text, _options.LogProbabilities ? draw.LogProbability : null, finish)
        {
            SampledLogProbability = _options.LogProbabilities ? draw.SampledLogProbability : null,
            Entropy = _options.LogProbabilities ? draw.Entropy : null,
        };
    }
}
