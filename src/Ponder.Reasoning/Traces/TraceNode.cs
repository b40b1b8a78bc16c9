using System.Text;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Traces;

/// <summary>A thought, as a trace tells of it.</summary>
public sealed class TraceNode
{
    private readonly StringBuilder _text = new();
    private readonly List<TraceToken> _tokens = [];
    private readonly List<TraceNode> _children = [];

    internal TraceNode(TraceLine.Grew first, TraceNode? parent)
    {
        (Number, Parent, IsAnswer, Prompt, Started) = (first.Number, parent, first.IsAnswer, first.Prompt, first.Started);
        Depth = parent is null ? 0 : parent.Depth + 1;
        TokensBefore = parent is null ? 0 : parent.TokensBefore + parent.TokenCount;
        parent?._children.Add(this);
    }

    /// <summary>Its number in the session.</summary>
    public int Number { get; }

    /// <summary>The thought that it was forked from; null for a prompt.</summary>
    public TraceNode? Parent { get; }

    /// <summary>Its forks that grew, in the order in which they did.</summary>
    public IReadOnlyList<TraceNode> Children => _children;

    /// <summary>Forks between it and the prompt.</summary>
    public int Depth { get; }

    /// <summary>True for an answer to the problem, false for a judge's opinion.</summary>
    public bool IsAnswer { get; }

    /// <summary>The prompt; null for thoughts that have a parent.</summary>
    public string? Prompt { get; }

    /// <summary>Its own text.</summary>
    public string Text => _text.ToString();

    /// <summary>Its own tokens.</summary>
    public IReadOnlyList<TraceToken> Tokens => _tokens;

    /// <summary>How many tokens were drawn for it alone.</summary>
    public int TokenCount { get; private set; }

    /// <summary>Tokens drawn for those above it.</summary>
    public long TokensBefore { get; }

    /// <summary>When it came into being, since the problem was begun.</summary>
    public TimeSpan Started { get; }

    /// <summary>When its latest step ended.</summary>
    public TimeSpan Ended { get; private set; }

    /// <summary>Why it goes on no more; null for one that is open, or that others went on from.</summary>
    public ThoughtEnd? End { get; private set; }

    /// <summary>The answer that was read out of it.</summary>
    public string? Answer { get; private set; }

    /// <summary>Its reward; null where it has none.</summary>
    public double? Reward { get; private set; }

    /// <summary>The rewards of its steps; null for one that failed.</summary>
    public IReadOnlyList<double?> StepRewards { get; private set; } = [];

    /// <summary>Tokens that a reward model computed for it.</summary>
    public int RewardTokens { get; private set; }

    /// <summary>What a verifier said of it; null where none was asked.</summary>
    public TraceLine.Verified? Verdict { get; private set; }

    /// <summary>Whether it is right; null where nobody knows.</summary>
    public bool? IsCorrect { get; internal set; }

    /// <summary>Whether it lies on the path to the answer.</summary>
    public bool IsChosen { get; internal set; }

    /// <summary>The mean log-probability of its tokens, in nats; null where it is not known.</summary>
    public double? MeanLogProbability =>
        _tokens.Count > 0 && _tokens.All(token => token.LogProbability is not null) ? _tokens.Average(token => token.LogProbability!.Value) : null;

    internal void Take(TraceLine.Grew line)
    {
        _text.Append(line.Text);
        _tokens.AddRange(line.Tokens);
        TokenCount = (int)Math.Min(int.MaxValue, (long)TokenCount + line.Count);
        (Ended, End, Answer) = (line.At, line.End, line.Answer);
    }

    internal void Take(TraceLine.Scored line) => (Reward, StepRewards, RewardTokens) = (line.Reward, line.Steps, line.Tokens);

    internal void Take(TraceLine.Verified line) => Verdict = line;

    internal void Take(TraceLine.Rejected line) => (End, Ended) = (ThoughtEnd.Rejected, line.At);
}
