using Ponder.Inference.Sampling;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Search;

/// <summary>
/// What all searches over steps are made of: expand a frontier into children of one step each, score them, keep some. Thoughts that come to their ends
/// are collected on the way.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="options">What a step is.</param>
internal sealed class StepSearch(SolveSession session, StepOptions options)
{
    private readonly List<Thought> _ended = [];
    private int _longest;                                       // tokens of the longest step so far

    /// <summary>The session.</summary>
    public SolveSession Session => session;

    /// <summary>Gives thoughts their rewards after a step, those that ended with it included; the session's reward model unless a search says more.</summary>
    public Func<IReadOnlyList<Thought>, Task> Value { get; set; } = session.ScoreAsync;

    /// <summary>Thoughts that came to their ends, scored, in the order in which they did.</summary>
    public IReadOnlyList<Thought> Ended => _ended;

    /// <summary>
    /// Whether a frontier may grow by another step. All thoughts are equally far, so that a budget that ends in the middle would end them all: once it may
    /// not hold a whole step of all, and a token more, it is time to bring the best to their ends.
    /// </summary>
    public bool CanGrow(IReadOnlyCollection<Thought> frontier) =>
        frontier.Count > 0 && session.CanDraw && frontier.First().Depth < options.Depth && session.TokensLeft >= frontier.Count * (_longest + 1L);

    /// <summary>Grows every thought of a frontier into children, all in one batch, and scores them in another.</summary>
    /// <param name="frontier">Open thoughts; their own memory is released, but for a prompt's, which others may go on from.</param>
    /// <param name="shares">Children of each; 0 gives a thought up.</param>
    /// <returns>The children that are still open.</returns>
    public async Task<IReadOnlyList<Thought>> ExpandAsync(IReadOnlyList<Thought> frontier, IReadOnlyList<int> shares)
    {
        var children = new List<Thought>();
        for (int i = 0; i < frontier.Count; i++)
        {
            children.AddRange(session.Fork(frontier[i], shares[i]));
            if (shares[i] == 0)
                session.Reject(frontier[i]);
            else if (frontier[i].Parent is not null)
                session.Release(frontier[i]);
        }
        return await GrowAsync(children).ConfigureAwait(false);
    }

    /// <summary>Grows thoughts into children as <see cref="ExpandAsync"/> does, but gives none up and releases nothing: they may be gone on from again.</summary>
    /// <param name="parents">Open thoughts; one may stand there several times.</param>
    /// <param name="shares">Children of each.</param>
    /// <returns>The children of each, open or not; fewer than asked for where the budget of samples is spent.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<Thought>>> BranchAsync(IReadOnlyList<Thought> parents, IReadOnlyList<int> shares)
    {
        IReadOnlyList<Thought>[] children = [.. parents.Zip(shares, session.Fork)];
        await GrowAsync([.. children.SelectMany(own => own)]).ConfigureAwait(false);
        return children;
    }

    /// <summary>Lets thoughts go to their ends, the best first where the budget does not suffice for all, and scores them.</summary>
    public async Task FinishAsync(IReadOnlyList<Thought> thoughts)
    {
        Thought[] bestFirst = [.. thoughts.OrderByDescending(RewardOf).ThenBy(thought => thought.Number)];
        await session.ExtendAsync(bestFirst, ExtendOptions.ToEnd with { Step = "finish", Hold = true }).ConfigureAwait(false);
        await Value(Whole(thoughts)).ConfigureAwait(false);
        Open(thoughts);
    }

    /// <summary>The reward of a thought for comparisons: one that was not scored is as bad as can be.</summary>
    public static double RewardOf(Thought thought) => thought.Reward ?? 0;

    /// <summary>Grows each thought by a step, and does not score it.</summary>
    /// <param name="thoughts">The thoughts; those that never come to a step's end are given up.</param>
    /// <param name="sampling">How tokens are drawn; null as in the session's settings.</param>
    /// <param name="name">The name of the step in the ledger.</param>
    public async Task ExtendAsync(IReadOnlyList<Thought> thoughts, SamplingOptions? sampling = null, string name = "step")
    {
        bool byTokens = options.Tokens > 0;
        var from = thoughts.ToDictionary(thought => thought, thought => thought.OwnText.Length);
        int[] before = [.. thoughts.Select(thought => thought.GeneratedTokens)];
        await session.ExtendAsync(thoughts, new ExtendOptions
        {
            Delimiter = byTokens || options.Pattern is not null ? null : session.Settings.StepDelimiter,
            Until = options.Pattern is null || byTokens ? null : (thought, _) => IsWhole(thought, from[thought]),
            MaxTokens = byTokens ? options.Tokens : options.MaxTokens,
            Sampling = sampling,
            Step = name,
            Hold = true,
        }).ConfigureAwait(false);
        _longest = thoughts.Select((thought, i) => thought.GeneratedTokens - before[i]).Append(_longest).Max();
        if (!byTokens)
        {
            Thought[] endless = [.. thoughts.Where(thought => thought.IsOpen && !IsWhole(thought, from[thought]))];
            if (endless.Length > 0)
                session.Note($"A step came to {options.MaxTokens} tokens without its end; such thoughts are given up.");
            session.Reject(endless);
        }
    }

    /// <summary>Those of some thoughts that can be scored: what the budget cut, or was given up, is worth nothing.</summary>
    public static IReadOnlyList<Thought> Whole(IReadOnlyList<Thought> thoughts) => [.. thoughts.Where(thought => thought.End is null or ThoughtEnd.Finished)];

    // Grows each thought by a step, without forking, and scores them; returns those that are still open.
    private async Task<IReadOnlyList<Thought>> GrowAsync(IReadOnlyList<Thought> thoughts)
    {
        await ExtendAsync(thoughts).ConfigureAwait(false);
        await Value(Whole(thoughts)).ConfigureAwait(false);
        return Open(thoughts);
    }

    // Whether the step that began there in a thought's own text has come to its end.
    private bool IsWhole(Thought thought, int from) => options.Pattern is { } pattern
        ? pattern.IsMatch(thought.OwnText.AsSpan(from))
        : thought.OwnText.EndsWith(session.Settings.StepDelimiter, StringComparison.Ordinal);

    private List<Thought> Open(IReadOnlyList<Thought> thoughts)
    {
        foreach (var thought in thoughts.Where(thought => !thought.IsOpen))
        {
            session.Release(thought);
            if (thought.End == ThoughtEnd.Finished)
                _ended.Add(thought);
        }
        return [.. thoughts.Where(thought => thought.IsOpen)];
    }
}
