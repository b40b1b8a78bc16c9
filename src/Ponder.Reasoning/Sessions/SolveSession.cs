using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Sessions;

/// <summary>
/// One problem being thought about: strategies fork, extend, score and check thoughts through it, and it keeps the budget and the ledger. What a
/// strategy does depends on the seed alone, not on timing: when tokens run short, thoughts are served in the order in which they are given. Used by one
/// strategy at a time.
/// </summary>
public sealed partial class SolveSession : IDisposable
{
    private readonly IPolicySession _work;
    private readonly CancellationTokenSource _limit;
    private readonly bool _logProbabilities;
    private readonly List<Thought> _thoughts;
    private readonly List<string> _notes;
    private readonly Bookkeeper _book;
    private readonly Lock _settling;
    private readonly SolveSession? _outer;
    private readonly int _from;                                 // the number of its first thought
    private IScorer? _scorer;
    private Thought? _root;

    /// <summary>Begins to think about a problem.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="policy">Who thinks.</param>
    /// <param name="settings">How, and what may be spent.</param>
    /// <param name="needs">What the strategy needs from the policy.</param>
    /// <param name="stop">Cancels everything within one step.</param>
    public SolveSession(Problem problem, IPolicy policy, SolveSettings settings, PolicyFeatures needs, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(problem);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Budget.Validated();
        settings.Sampling.Validated();
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxTokens, 1);
        (Problem, Policy, Settings, Stop) = (problem, policy, settings, stop);
        _logProbabilities = settings.LogProbabilities || (needs | settings.Reward?.Needs ?? needs).HasFlag(PolicyFeatures.LogProbabilities);
        _limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (settings.Budget.Time is TimeSpan time)
            _limit.CancelAfter(time);
        (_thoughts, _notes, _settling) = ([], [], new Lock());
        _work = policy.Open();
        _book = new Bookkeeper(settings.Budget, settings.Observer);
        _book.Watch(_work);
    }

    private SolveSession(SolveSession outer, Problem problem, SolveSettings settings, IPolicy policy)
    {
        settings.Budget.Validated();
        (_outer, Problem, Policy, Settings, Stop) = (outer, problem, policy, settings, outer.Stop);
        (_thoughts, _notes, _settling, _logProbabilities) = (outer._thoughts, outer._notes, outer._settling, outer._logProbabilities || settings.LogProbabilities);
        _from = outer._thoughts.Count;
        _limit = CancellationTokenSource.CreateLinkedTokenSource(outer._limit.Token);
        if (settings.Budget.Time is TimeSpan time)
            _limit.CancelAfter(time);
        _book = new Bookkeeper(settings.Budget, settings.Observer, outer._book);
        _work = policy == outer.Policy ? outer._work : policy.Open();
        if (_work != outer._work)
            _book.Watch(_work);
    }

    /// <summary>The problem.</summary>
    public Problem Problem { get; }

    /// <summary>Who thinks.</summary>
    public IPolicy Policy { get; }

    /// <summary>How.</summary>
    public SolveSettings Settings { get; }

    /// <summary>The caller's cancellation.</summary>
    public CancellationToken Stop { get; }

    /// <summary>The verifier of the settings, or the problem's own; null for none.</summary>
    public IVerifier? Verifier => Settings.Verifier ?? Problem.Verifier;

    /// <summary>All thoughts so far, in order.</summary>
    public IReadOnlyList<Thought> Thoughts => _thoughts;

    /// <summary>What the user should know, in order.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Tokens that may still be drawn; <see cref="long.MaxValue"/> without a limit.</summary>
    public long TokensLeft => _book.TokensLeft;

    /// <summary>Tokens that may still be drawn one after another; <see cref="long.MaxValue"/> without a limit.</summary>
    public long SequentialTokensLeft => _book.SequentialTokensLeft;

    /// <summary>Answers that may still be begun; <see cref="int.MaxValue"/> without a limit.</summary>
    public int SamplesLeft => _book.SamplesLeft;

    /// <summary>Whether anything can still be drawn: there are tokens and time left.</summary>
    public bool CanDraw => TokensLeft > 0 && SequentialTokensLeft > 0 && !_limit.IsCancellationRequested;

    /// <summary>What was spent so far; also within another session the whole of it.</summary>
    public Ledger Ledger => _book.Close();

    /// <summary>The problem's prompt with nothing behind it; answers are forked from it.</summary>
    public Thought Root => _root ??= SharesRoot ? _outer!.Root : Start(Problem.Prompt, isAnswer: true);

    /// <summary>
    /// Begins a session within this one: for a strategy within a strategy, a part of the problem, another policy, a part of the budget. Thoughts, notes and
    /// the ledger are this one's; whatever is spent is spent of both budgets. This one waits until it is disposed of.
    /// </summary>
    /// <param name="problem">What is thought about; null for the same.</param>
    /// <param name="settings">How, with the part of the budget that may be spent; null for the same, and all that is left.</param>
    /// <param name="policy">Who thinks; null for the same.</param>
    public SolveSession Within(Problem? problem = null, SolveSettings? settings = null, IPolicy? policy = null) =>
        new(this, problem ?? Problem, settings ?? Settings with { Budget = Budget.Unlimited }, policy ?? Policy);

    private bool SharesRoot => _outer is not null && _outer.Problem == Problem && _outer._work == _work;

    private bool IsRoot(Thought thought) => thought == _root || _outer?.IsRoot(thought) == true;

    // Within another session the same thoughts may be scored: what was computed for one serves the other.
    private bool SharesScorer => SharesRoot && _outer!.Settings.Reward == Settings.Reward;

    /// <summary>Another prompt with nothing behind it: a judge's, or a refinement's.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="isAnswer">True when what is forked from it answers the problem, false when it judges answers.</param>
    public Thought Start(Prompt prompt, bool isAnswer = false)
    {
        var branch = _work.Start(prompt, (ulong)_thoughts.Count);
        return Register(new Thought(_thoughts.Count, null, prompt, isAnswer, branch) { IsPart = Problem.IsPart });
    }

    /// <summary>Forks a thought. Forks of a prompt are new samples, and there are no more of them than the budget allows.</summary>
    /// <param name="parent">A thought whose memory was not released.</param>
    /// <param name="count">How many.</param>
    /// <returns>The forks: fewer than asked for where the budget of samples is spent.</returns>
    public IReadOnlyList<Thought> Fork(Thought parent, int count)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (parent is { Parent: null, IsAnswer: true })
            count = _book.TakeSamples(count);
        if (count > 0)
            parent.Forks = (parent.Forks.Last < 0 ? _thoughts.Count : parent.Forks.First, _thoughts.Count + count - 1);
        var forks = new Thought[count];
        for (int i = 0; i < count; i++)
        {
            var branch = parent.Branch.Fork((ulong)_thoughts.Count);
            forks[i] = Register(new Thought(_thoughts.Count, parent, parent.Prompt, parent.IsAnswer, branch) { IsPart = parent.IsPart });
        }
        return forks;
    }

    /// <summary>Adds given text to a thought; a thought that had come to its end is open again.</summary>
    /// <param name="thought">A thought whose memory was not released.</param>
    /// <param name="text">The text.</param>
    /// <param name="mayNameTokens">Names of control tokens in it are those tokens: for texts of the strategy's own, never of a model's or a user's.</param>
    public void Append(Thought thought, string text, bool mayNameTokens = false)
    {
        ArgumentNullException.ThrowIfNull(thought);
        Stop.ThrowIfCancellationRequested();
        thought.Branch.Append(text, mayNameTokens);
        thought.AddText(text);
        (thought.End, thought.Answer) = (null, null);
    }

    /// <summary>Ends a thought where it stands, as if the policy had come to its end: for a strategy that appended its last words. Its answer is read, and its memory freed.</summary>
    /// <param name="thought">An open thought.</param>
    internal void Conclude(Thought thought) => Settle(thought, ThoughtEnd.Finished, ExtendOptions.ToEnd);

    /// <summary>Draws whole samples: forks of the problem's prompt, or of another thought, extended to their ends in one batch.</summary>
    /// <param name="count">How many.</param>
    /// <param name="options">How; null for to the end.</param>
    /// <param name="from">What they are forked from; null for <see cref="Root"/>.</param>
    /// <returns>Those that were begun, in order: fewer than asked for where the budget is spent.</returns>
    public async Task<IReadOnlyList<Thought>> SampleAsync(int count, ExtendOptions? options = null, Thought? from = null)
    {
        var thoughts = Fork(from ?? Root, count);
        await ExtendAsync(thoughts, options).ConfigureAwait(false);
        return [.. thoughts.Where(thought => thought.OwnTokens.Count > 0 || thought.End == ThoughtEnd.Finished)];
    }

    /// <summary>Gives thoughts up and frees their memory.</summary>
    public void Reject(params IEnumerable<Thought> thoughts)
    {
        ArgumentNullException.ThrowIfNull(thoughts);
        foreach (var thought in thoughts)
        {
            (thought.End, thought.Ended) = (ThoughtEnd.Rejected, _book.Elapsed);
            Release(thought);
            Tell(new SolveEvent.Rejected(thought));
        }
    }

    /// <summary>Frees a thought's memory; its text and what is known of it stay. Its forks are not touched.</summary>
    public void Release(Thought thought)
    {
        ArgumentNullException.ThrowIfNull(thought);
        thought.Branch.Dispose();
        thought.IsReleased = true;
        thought.Compact();
        for (var session = this; session is not null; session = session._outer)
            session._scorer?.Forget(thought);
    }

    /// <summary>Tells the user something.</summary>
    /// <param name="text">One sentence.</param>
    public void Note(string text)
    {
        if (_notes.Contains(text))
            return;
        _notes.Add(text);
        Tell(new SolveEvent.Noted(text));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _scorer?.Dispose();
        _limit.Dispose();
        foreach (var thought in _thoughts[_from..])
        {
            if (_outer is null)
                thought.Branch.Dispose();
            else if (!thought.IsReleased && !_outer.IsRoot(thought))
                Release(thought);
        }
        if (_work != _outer?._work)
            _work.Dispose();
    }

    private void Tell(SolveEvent what) => Settings.Observer?.Invoke(what with { At = _book.Elapsed });

    private Thought Register(Thought thought)
    {
        thought.Started = thought.Ended = _book.Elapsed;
        _thoughts.Add(thought);
        if (thought.Parent is not null)
            Tell(new SolveEvent.Started(thought));
        return thought;
    }
}
