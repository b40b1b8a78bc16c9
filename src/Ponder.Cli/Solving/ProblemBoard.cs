using System.Globalization;
using Ponder.Cli.Seeing;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;

namespace Ponder.Cli.Solving;

/// <summary>
/// One problem while it is thought about: how many thoughts, the tree of them where thoughts are forked from thoughts, else the newest; the votes so far, the
/// rewards, what is left. Every event costs the same short time however many there were.
/// </summary>
/// <param name="problem">The problem.</param>
/// <param name="budget">What may be spent.</param>
internal sealed class ProblemBoard(Problem problem, Budget budget) : IBoard
{
    private const int MostAnswers = 5, MostBesideTree = 3, WidestBar = 24, FarBack = 64;

    private readonly Lock _gate = new();
    private readonly List<Thought> _thoughts = [];
    private readonly HashSet<Thought> _ended = [];
    private readonly HashSet<Thought> _voters = [];
    private readonly Queue<string> _unsorted = new();
    private readonly Dictionary<Thought, double> _rewards = [];
    private readonly List<(string Answer, int Votes)> _votes = [];      // the view's alone
    private readonly ThoughtTree _tree = new();
    private readonly List<Thought> _running = [];               // begun since the last entry of the ledger
    private long _drawn;                                        // up to that entry
    private double _rewardSum;
    private bool _isTree;
    private Thought? _newest;

    /// <inheritdoc/>
    public bool Stays
    {
        get
        {
            lock (_gate)
                return _isTree;
        }
    }

    /// <inheritdoc/>
    public void Take(int problem, SolveEvent what)
    {
        lock (_gate)
        {
            switch (what)
            {
                case SolveEvent.Started(var thought):
                    _thoughts.Add(thought);
                    _running.Add(thought);
                    _newest = thought;
                    if (thought.IsAnswer)
                    {
                        _tree.Add(thought.Number, thought.Parent?.Number);
                        _isTree |= thought.Depth > 1;
                    }
                    break;
                case SolveEvent.Grew(var thought):
                    _newest = thought;
                    SetEnded(thought);
                    _tree.Grow(thought.Number, thought.OwnText, thought.IsOpen, thought.Answer is not null);
                    if (thought is { IsAnswer: true, Answer: string answer } && _voters.Add(thought))
                        _unsorted.Enqueue(answer);
                    break;
                case SolveEvent.Scored(var thought):
                    _tree.Score(thought.Number, thought.Reward);
                    _rewardSum += (thought.Reward ?? 0) - _rewards.GetValueOrDefault(thought);
                    if (thought.Reward is double reward)
                        _rewards[thought] = reward;
                    else
                        _rewards.Remove(thought);
                    break;
                case SolveEvent.Rejected(var thought):
                    SetEnded(thought);
                    _tree.Prune(thought.Number);
                    break;
                case SolveEvent.Spent({ GeneratedTokens: > 0 } step, _):
                    _drawn += step.GeneratedTokens;
                    _running.Clear();
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void End(Outcome outcome, Digest digest)
    {
        lock (_gate)
            _tree.Choose(outcome.Chosen?.Number);
    }

    /// <inheritdoc/>
    public IReadOnlyList<BoardLine> Lines(int width, int height, TimeSpan elapsed)
    {
        var lines = new List<BoardLine>();
        Thought? newest;
        IReadOnlyList<BoardLine> tree;
        string? rewards;
        CountVotes();
        int votes = Math.Min(_votes.Count, MostBesideTree + 1);
        lock (_gate)
        {
            lines.Add(Units.OneLine(Head(elapsed), width));
            newest = _newest is { Text.Length: > 0 } ? _newest : _thoughts.TakeLast(FarBack).LastOrDefault(thought => thought.OwnTokens.Count > 0);
            rewards = Rewards();
            tree = _isTree ? _tree.Lines(width, height - 1 - votes - (rewards is null ? 0 : 1)) : [];
        }
        if (tree.Count > 0)
            lines.AddRange(tree);
        else if (newest is not null)
            lines.Add($"  {Units.OneLine(newest.Text, width - 2)}");
        AddVotes(lines, width, tree.Count > 0 ? MostBesideTree : MostAnswers);
        if (rewards is not null)
            lines.Add(Units.OneLine(rewards, width));
        return lines;
    }

    private void AddVotes(List<BoardLine> lines, int width, int shown)
    {
        int most = _votes.Count > 0 ? _votes.Max(vote => vote.Votes) : 0, widest = Math.Clamp(width / 3, 1, WidestBar);
        foreach (var (answer, votes) in _votes.OrderByDescending(vote => vote.Votes).Take(shown))
        {
            string bar = new('█', Math.Max(1, (int)Math.Round((double)votes / most * widest)));
            lines.Add($"  {bar.PadRight(widest)} {votes,4}  {Units.OneLine(answer, width - widest - 9)}");
        }
        if (_votes.Count > shown)
            lines.Add(Units.OneLine($"... and {Units.Times(_votes.Count - shown, "more answer")}", width));
    }

    private string Head(TimeSpan elapsed)
    {
        long drawn = _drawn + _running.Sum(thought => (long)thought.OwnTokens.Count);
        string left = budget.Tokens is long most ? $" ({Units.Count(Math.Max(0, most - drawn))} left)" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"thinking: {_ended.Count} of {Units.Times(_thoughts.Count, "thought")} ended, {Units.Times(drawn, "token")}{left}, {elapsed.TotalSeconds:0.0} s");
    }

    private string? Rewards() => _rewards.Count == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"rewards: best {_rewards.Values.Max():0.000}, mean {_rewardSum / _rewards.Count:0.000} of {_rewards.Count}");

    private void SetEnded(Thought thought)
    {
        if (thought.IsOpen)
            _ended.Remove(thought);
        else
            _ended.Add(thought);
    }

    // Each new answer is compared with the kinds there are, once.
    private void CountVotes()
    {
        string[] unsorted;
        lock (_gate)
        {
            unsorted = [.. _unsorted];
            _unsorted.Clear();
        }
        foreach (string answer in unsorted)
            Count(answer);
    }

    private void Count(string answer)
    {
        int box = _votes.FindIndex(vote => problem.Answers.AreSame(vote.Answer, answer));
        if (box < 0)
            _votes.Add((answer, 1));
        else
            _votes[box] = (_votes[box].Answer, _votes[box].Votes + 1);
    }
}
