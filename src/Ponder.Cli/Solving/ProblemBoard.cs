using System.Globalization;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;

namespace Ponder.Cli.Solving;

/// <summary>One problem while it is thought about: how many thoughts, the newest, the votes so far, the rewards, what is left.</summary>
/// <param name="problem">The problem.</param>
/// <param name="budget">What may be spent.</param>
internal sealed class ProblemBoard(Problem problem, Budget budget) : IBoard
{
    private const int MostAnswers = 5, WidestBar = 24;

    private readonly Lock _gate = new();
    private readonly List<Thought> _thoughts = [];
    private readonly HashSet<Thought> _voters = [];
    private readonly Queue<string> _unsorted = new();
    private readonly HashSet<Thought> _scored = [];
    private readonly List<(string Answer, int Votes)> _votes = [];      // the view's alone
    private Thought? _newest;

    /// <inheritdoc/>
    public void Take(int problem, SolveEvent what)
    {
        lock (_gate)
        {
            switch (what)
            {
                case SolveEvent.Started(var thought):
                    _thoughts.Add(thought);
                    _newest = thought;
                    break;
                case SolveEvent.Grew(var thought):
                    _newest = thought;
                    if (thought is { IsAnswer: true, Answer: string answer } && _voters.Add(thought))
                        _unsorted.Enqueue(answer);
                    break;
                case SolveEvent.Scored(var thought):
                    _scored.Add(thought);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void End(Digest digest)
    {
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Lines(int width, TimeSpan elapsed)
    {
        Thought[] thoughts;
        double[] rewards;
        string[] unsorted;
        Thought? newest;
        lock (_gate)
        {
            thoughts = [.. _thoughts];
            rewards = [.. _scored.Select(thought => thought.Reward).OfType<double>()];
            unsorted = [.. _unsorted];
            _unsorted.Clear();
            newest = _newest is { Text.Length: > 0 } ? _newest : _thoughts.FindLast(thought => thought.OwnTokens.Count > 0);
        }
        var lines = new List<string> { Units.OneLine(Head(thoughts, elapsed), width) };
        if (newest is not null)
            lines.Add($"  {Units.OneLine(newest.Text, width - 2)}");
        foreach (string answer in unsorted)
            Count(answer);
        int most = _votes.Count > 0 ? _votes.Max(vote => vote.Votes) : 0, widest = Math.Clamp(width / 3, 1, WidestBar);
        foreach (var (answer, votes) in _votes.OrderByDescending(vote => vote.Votes).Take(MostAnswers))
        {
            string bar = new('█', Math.Max(1, (int)Math.Round((double)votes / most * widest)));
            lines.Add($"  {bar.PadRight(widest)} {votes,4}  {Units.OneLine(answer, width - widest - 9)}");
        }
        if (_votes.Count > MostAnswers)
            lines.Add(Units.OneLine($"... and {Units.Times(_votes.Count - MostAnswers, "more answer")}", width));
        if (rewards.Length > 0)
        {
            string figures = string.Create(CultureInfo.InvariantCulture, $"rewards: best {rewards.Max():0.000}, mean {rewards.Average():0.000} of {rewards.Length}");
            lines.Add(Units.OneLine(figures, width));
        }
        return lines;
    }

    private string Head(Thought[] thoughts, TimeSpan elapsed)
    {
        int ended = thoughts.Count(thought => !thought.IsOpen);
        long drawn = thoughts.Sum(thought => (long)thought.OwnTokens.Count);
        string left = budget.Tokens is long most ? $" ({Units.Count(Math.Max(0, most - drawn))} left)" : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"thinking: {ended} of {Units.Times(thoughts.Length, "thought")} ended, {Units.Times(drawn, "token")}{left}, {elapsed.TotalSeconds:0.0} s");
    }

    // Each new answer is compared with the kinds there are, once.
    private void Count(string answer)
    {
        int box = _votes.FindIndex(vote => problem.Answers.AreSame(vote.Answer, answer));
        if (box < 0)
            _votes.Add((answer, 1));
        else
            _votes[box] = (_votes[box].Answer, _votes[box].Votes + 1);
    }
}
