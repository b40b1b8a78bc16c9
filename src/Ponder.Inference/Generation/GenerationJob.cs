using System.Diagnostics;
using System.Runtime.InteropServices;
using Ponder.Inference.Branches;
using Ponder.Inference.Sampling;
using Ponder.Inference.Scheduling;
using Ponder.Inference.Speculation;
using Ponder.Models.Transformers;

namespace Ponder.Inference.Generation;

/// <summary>Extends a branch token by token until a rule ends it.</summary>
internal sealed class GenerationJob : Job
{
    private const int LongestCharacter = 4;                     // bytes, of which a token has at least one

    private readonly EngineLoop _loop;
    private readonly GenerationOptions _options;
    private readonly SamplerChain _chain;
    private readonly AnswerText _text;
    private readonly int _mostTokens;
    private readonly Speculator? _speculator;
    private readonly (Draw Draw, SamplerState After)[] _draws;  // of this step: one, and one more for every draft that was kept
    private SamplerState _state;
    private int _drawn, _drafted;
    private bool _wasCopied;
    private int _generated;
    private long _latest = Stopwatch.GetTimestamp();            // when the job was made, then when its latest token came

    /// <summary>Prepares an extension.</summary>
    /// <param name="loop">The loop that will run it.</param>
    /// <param name="branch">The branch.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="chain">The sampling that they ask for.</param>
    /// <exception cref="ContextLengthException">The branch is longer than the context.</exception>
    public GenerationJob(EngineLoop loop, Branch branch, GenerationOptions options, SamplerChain chain)
        : base(branch)
    {
        if (branch.Length > loop.Config.Context)
            throw new ContextLengthException(branch.Length, loop.Config.Context, "The branch");
        _loop = loop;
        _options = options;
        _chain = chain;
        _text = new AnswerText(loop.Tokenizer, options.AllRules, continues: branch.Length > branch.Prompt);
        if (options.MayGoOn)
            BeginText();
        _state = (chain.HasState ? branch.Sampling : null) ?? chain.NewState();
        if (options.Speculation is { } speculation)
        {
            var model = speculation.Draft is { } draft ? new DraftModel(draft, options.Sampling, branch.Key) : null;
            _speculator = new Speculator(speculation, branch.Length + 256, model, loop.Wake);
        }
        _draws = new (Draw, SamplerState)[1 + (options.Speculation?.MaxDraft ?? 0)];
        _mostTokens = Math.Min(options.MaxTokens ?? int.MaxValue, loop.Config.Context - branch.Length + 1);
        MostTokens = branch.Length + (options.MaxTokens is null ? 0 : _mostTokens - 1);        // the last token is not computed
    }

    public override int MostTokens { get; }

    /// <summary>Receives every token, on the loop's thread.</summary>
    public Action<GeneratedToken>? OnToken { get; init; }

    /// <summary>Told every token before others are; true ends the extension with it.</summary>
    public Func<GeneratedToken, bool>? Ask { get; init; }

    /// <summary>Told the end of the job, under the gate, on the loop's thread.</summary>
    public Action<Exception?>? OnEnd { get; init; }

    /// <summary>Receives every token; makes the job wait when it is full.</summary>
    public TokenStream? Stream { get; init; }

    public override bool IsStalled => Stream?.IsFull == true || _speculator?.IsWaiting == true;

    public override int FirstOutput => Tokens.Count - 1;

    public override bool GoesOnFromOutputs => Branch.Outputs is not null;

    public override (int Rows, OutputRows Outputs) Plan(int rows) => (rows, rows == Pending ? OutputRows.Last : OutputRows.None);

    // With the last draft that is kept comes one more token.
    public override int PrepareDrafts() => _speculator is null ? 0 : Math.Min(_speculator.Drafts, _mostTokens - _generated - 1);

    public override ReadOnlySpan<int> DraftedRows => _speculator!.Rows;

    /// <summary>
    /// Draws a token from the first row and, while the draft that the next row stands on equals what was drawn, from that row too: just what would
    /// be drawn row by row, at any temperature.
    /// </summary>
    public override void Digest(ReadOnlySpan<float> outputs, Sampler sampler)
    {
        int width = Branch.OutputWidth, before = Tokens.Count;
        _drafted = outputs.Length / width - 1;
        _drawn = 0;
        try
        {
            bool isKept;
            do
            {
                var logits = outputs.Slice(_drawn * width, width);
                var draw = sampler.Next(
                    logits, _chain, ref _state, CollectionsMarshal.AsSpan(Tokens), Branch.Prompt, Branch.Key, (ulong)Tokens.Count, _options.LogProbabilities);
                isKept = _drawn < _drafted && draw.Id == DraftedRows[1 + _drawn];
                _draws[_drawn++] = (draw, _state);
                Tokens.Add(draw.Id);                            // for the next draw, and the next draft
            }
            while (isKept);
            if (_drafted > 0)
            {
                _wasCopied = _speculator!.IsCopied;
                _speculator.Record(_drafted, _drawn - 1);
            }
            _speculator?.Copy(CollectionsMarshal.AsSpan(Tokens));
        }
        finally
        {
            CollectionsMarshal.SetCount(Tokens, before);
        }
    }

    public override bool Deliver()
    {
        if (_drawn == 0)
            return false;
        if (_drafted > 0)
            (_wasCopied ? _loop.Counters.Copies : _loop.Counters.ModelDrafts).Add(_drafted, _drawn - 1);
        int drawn = _drawn;
        _drawn = 0;
        foreach (var (draw, after) in _draws.AsSpan(0, drawn))
        {
            var token = Take(draw, after);
            if (Ask?.Invoke(token) == true && token.Finish is null)
                token = token with { Text = token.Text + _text.Flush(isWhole: !_options.MayGoOn), Finish = FinishReason.Callback };
            OnToken?.Invoke(token);
            Stream?.Write(token);
            if (token.Finish is not null)
                return true;
        }
        _speculator?.AskModel(Tokens, _mostTokens - _generated - 1);
        return false;
    }

    protected override void OnEnded(Exception? error)
    {
        _speculator?.Release();
        OnEnd?.Invoke(error);
        Stream?.Complete(error);
    }

    // With what an earlier extension left unfinished.
    private void BeginText()
    {
        lock (_loop.Gate)
        {
            for (int i = Math.Max(Branch.Prompt, Branch.Length - LongestCharacter + 1); i < Branch.Length; i++)
                _text.Begin(Branch.Path[i].Id);
        }
    }

    private GeneratedToken Take(Draw draw, SamplerState after)
    {
        lock (_loop.Gate)
        {
            Tokens.Add(draw.Id);
            Branch.Path.Add(new TokenTrace(draw.Id, true, draw.LogProbability, draw.SampledLogProbability, draw.Entropy)
            {
                SelfCertainty = draw.SelfCertainty,
                Confidence = draw.Confidence,
                SamplerBound = _chain.HasState ? after.MirostatBound : double.NaN,
            });
            Branch.Outputs = null;
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
            text += _text.Flush(isWhole: isEnd || !_options.MayGoOn);
        return new GeneratedToken(draw.Id, text, _options.LogProbabilities ? draw.LogProbability : null, finish)
        {
            SampledLogProbability = _options.LogProbabilities ? draw.SampledLogProbability : null,
            Entropy = _options.LogProbabilities ? draw.Entropy : null,
            SelfCertainty = _options.LogProbabilities ? draw.SelfCertainty : null,
            Confidence = _options.LogProbabilities ? draw.Confidence : null,
        };
    }
}
