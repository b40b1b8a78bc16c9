using System.Text;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Sessions;

/// <summary>
/// A line of thought about a problem, whole or partial: what the policy drew after a prompt, with what was found out about it. Thoughts form trees:
/// a fork has its parent's tokens and goes on by itself.
/// </summary>
public sealed class Thought
{
    private readonly List<ThoughtToken> _tokens = [];
    private StringBuilder? _growing;                            // its own text while it grows
    private string _own = "";                                   // and when it does not
    private string? _text;                                      // the path's; not kept once the memory was freed

    internal Thought(int number, Thought? parent, Prompt prompt, bool isAnswer, IPolicyBranch branch)
    {
        (Number, Parent, Prompt, IsAnswer, Branch) = (number, parent, prompt, isAnswer, branch);
        GeneratedTokens = parent?.GeneratedTokens ?? 0;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>Its number in the session, in the order in which thoughts came into being, from 0.</summary>
    public int Number { get; }

    /// <summary>The thought that it was forked from; null for a prompt with nothing behind it.</summary>
    public Thought? Parent { get; }

    /// <summary>Forks between it and the prompt.</summary>
    public int Depth { get; }

    /// <summary>What it answers.</summary>
    public Prompt Prompt { get; }

    /// <summary>True for an answer to the problem, false for a judge's opinion of one.</summary>
    public bool IsAnswer { get; }

    /// <summary>True for an answer to a part of the problem.</summary>
    public bool IsPart { get; internal init; }

    /// <summary>All text behind the prompt: drawn and given.</summary>
    public string Text
    {
        get
        {
            lock (_tokens)
            {
                if (_text is not null)
                    return _text;
                string text = TextOfPath();
                if (!IsReleased)
                    _text = text;
                return text;
            }
        }
    }

    /// <summary>The text that is its own: behind the one that it was forked from.</summary>
    public string OwnText
    {
        get
        {
            lock (_tokens)
                return _growing?.ToString() ?? _own;
        }
    }

    /// <summary>Tokens drawn behind the prompt, on the whole path.</summary>
    public int GeneratedTokens { get; private set; }

    /// <summary>The tokens that were drawn for it alone, as the policy gave them.</summary>
    public IReadOnlyList<ThoughtToken> OwnTokens => _tokens;

    /// <summary>When it came into being, since the problem was begun.</summary>
    public TimeSpan Started { get; internal set; }

    /// <summary>When it came to its end, or to that of its latest step.</summary>
    public TimeSpan Ended { get; internal set; }

    /// <summary>Tokens that a reward model of its own computed for it.</summary>
    public int RewardTokens { get; internal set; }

    /// <summary>Why it goes on no more; null while it is open.</summary>
    public ThoughtEnd? End { get; internal set; }

    /// <summary>Whether it can go on.</summary>
    public bool IsOpen => End is null;

    /// <summary>The answer that was read out of it; null while there is none.</summary>
    public string? Answer { get; internal set; }

    /// <summary>Its reward; null before it was scored, and where the reward failed.</summary>
    public double? Reward { get; internal set; }

    /// <summary>The rewards of its steps; empty before it was scored.</summary>
    public IReadOnlyList<double> StepRewards { get; internal set; } = [];

    /// <summary>What the verifier found; null before it was checked.</summary>
    public Verdict? Verdict { get; internal set; }

    /// <summary>What the truth is, found out after the strategy had ended; null where nobody knows.</summary>
    public bool? IsCorrect { get; internal set; }

    internal IPolicyBranch Branch { get; }

    /// <summary>The numbers of its forks lie from the first to the last of these; others may lie between them.</summary>
    internal (int First, int Last) Forks { get; set; } = (0, -1);

    /// <summary>Whether its memory was freed: it cannot be forked or read from any more.</summary>
    internal bool IsReleased { get; set; }

    /// <summary>All tokens drawn behind the prompt.</summary>
    public IReadOnlyList<ThoughtToken> Tokens()
    {
        if (Parent is null || Parent.GeneratedTokens == 0)
            return _tokens;
        var path = new List<ThoughtToken>(GeneratedTokens);
        Collect(this, path);
        return path;

        static void Collect(Thought thought, List<ThoughtToken> path)
        {
            if (thought.Parent is not null)
                Collect(thought.Parent, path);
            path.AddRange(thought._tokens);
        }
    }

    /// <summary>The ids of all tokens in the policy's vocabulary, with the prompt's; null where nobody knows them.</summary>
    public IReadOnlyList<int>? TokenIds() => Branch.TokenIds();

    internal void Add(ThoughtToken token)
    {
        _tokens.Add(token);
        GeneratedTokens += token.Count;
        AddText(token.Text);
    }

    internal void AddText(string text)
    {
        if (text.Length == 0)
            return;
        lock (_tokens)
        {
            _growing ??= new StringBuilder(_own);
            _growing.Append(text);
            _text = null;
        }
    }

    /// <summary>Keeps no more than must be kept, now that it grows no more: trees have tens of thousands of thoughts.</summary>
    internal void Compact()
    {
        lock (_tokens)
        {
            if (_growing is not null)
                (_own, _growing) = (_growing.ToString(), null);
            _text = null;
            _tokens.TrimExcess();
        }
    }

    private string TextOfPath()
    {
        if (Parent is null)
            return OwnText;
        var parts = new List<string>();
        for (var thought = this; thought is not null; thought = thought.Parent)
            parts.Add(thought.OwnText);
        parts.Reverse();
        return string.Concat(parts);
    }
}
