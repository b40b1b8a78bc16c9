using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// A* decoding: partial thoughts stand in a list ordered by f = g + h, where h = 1 - reward and g adds up how much h rose along the path: only what makes
/// a thought worse costs. The best go on, and the first thought at its end that comes to the head of the list is the answer. arXiv 2505.13672.
/// </summary>
/// <param name="width">
/// W: as many steps are drawn at most as W answers have, each as many as the longest answer so far. If none came to the head of the list by then, the one
/// with the best reward is the answer. At least 1.
/// </param>
/// <param name="expand">Ways that a thought goes on in, at least 1.</param>
/// <param name="batch">Thoughts taken from the list at once, which fills the engine's steps; 1 for the order of the paper.</param>
/// <param name="step">What a step is; null for the defaults.</param>
public sealed class AStar(int width = 16, int expand = 4, int batch = 4, StepOptions? step = null) : IStrategy
{
    private readonly StepOptions _step = step ?? new StepOptions();

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "a-star", "Goes on from the partial thoughts that lost least, until one of the best is at its end.", "arXiv 2505.13672",
        "at most the tokens of W answers, and their rewards",
        [
            StrategyOption.Whole("width", 16, "Most answers' worth of steps."),
            StrategyOption.Whole("expand", 4, "Ways that a thought goes on in."),
            StrategyOption.Whole("batch", 4, "Thoughts that go on at once."),
            .. StepOptions.Rows,
        ],
        values => new AStar(values.Whole("width"), values.Whole("expand"), values.Whole("batch"), StepOptions.Of(values)));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches;

    /// <inheritdoc/>
    public bool NeedsReward => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var search = new StepSearch(session, _step);
        var list = new OpenList();
        int drawn = 0, deepest = 0;
        // Nothing can be worse than what has no reward yet: the root's children have g = 0.
        list.Add(await GrowAsync([session.Root], [Math.Min(width, (int)Math.Min(int.MaxValue, (long)expand * batch))]).ConfigureAwait(false));
        while (list.Head is { } head)
        {
            if (!head.IsOpen)
            {
                session.Reject(list.Open());
                return new Choice(head, head.Reward);
            }
            long left = ((long)width * Steps()) - drawn;
            if (!session.CanDraw || left < 1)
                break;
            var best = list.TakeOpen((int)Math.Min(batch, Math.Max(1, left / expand)));
            Thought[] longest = [.. best.Where(thought => thought.Depth >= _step.Depth)], others = [.. best.Except(longest)];
            int[] shares = [.. others.Select(_ => (int)Math.Min(expand, left))];
            list.Add(await GrowAsync(others, shares).ConfigureAwait(false));
            list.Add(await FinishAsync(longest).ConfigureAwait(false));
        }
        var ends = search.Ended.Where(thought => thought.Answer is not null).ToList();
        if (ends.Count == 0 && session.CanDraw)
            ends.AddRange(await FinishAsync(list.TakeOpen(batch)).ConfigureAwait(false));
        session.Reject(list.Open());
        return Choice.Best(ends.OrderBy(thought => thought.Number), thought => thought.Reward);

        // Of the longest answer; before there is one, those that thoughts will have after the next.
        int Steps() => search.Ended.Count > 0 ? search.Ended.Max(thought => thought.Depth) : deepest + 1;

        async Task<IEnumerable<Thought>> GrowAsync(IReadOnlyList<Thought> thoughts, int[] shares)
        {
            int ended = search.Ended.Count;
            var open = await search.ExpandAsync(thoughts, shares).ConfigureAwait(false);
            drawn += shares.Sum();
            deepest = open.Select(thought => thought.Depth).Append(deepest).Max();
            return open.Concat(NewAnswers(ended));
        }

        async Task<IEnumerable<Thought>> FinishAsync(IReadOnlyList<Thought> thoughts)
        {
            int ended = search.Ended.Count;
            await search.FinishAsync(thoughts).ConfigureAwait(false);
            drawn += thoughts.Count;
            return NewAnswers(ended);
        }

        IEnumerable<Thought> NewAnswers(int from) => search.Ended.Skip(from).Where(thought => thought.Answer is not null);
    }

    /// <summary>Thoughts by f, lower numbers first where it is the same.</summary>
    private sealed class OpenList
    {
        private readonly PriorityQueue<Thought, (double F, int Number)> _queue = new();
        private readonly Dictionary<Thought, double> _lost = [];        // g

        /// <summary>The best; null of none.</summary>
        public Thought? Head => _queue.TryPeek(out var head, out _) ? head : null;

        public void Add(IEnumerable<Thought> thoughts)
        {
            foreach (var thought in thoughts)
            {
                double h = 1 - StepSearch.RewardOf(thought), above = 1 - StepSearch.RewardOf(thought.Parent!);
                _lost[thought] = _lost.TryGetValue(thought.Parent!, out double lost) ? lost + Math.Max(0, h - above) : 0;
                _queue.Enqueue(thought, (_lost[thought] + h, thought.Number));
            }
        }

        /// <summary>Takes the best away, as long as they are open.</summary>
        public List<Thought> TakeOpen(int most)
        {
            var taken = new List<Thought>();
            while (taken.Count < most && Head is { IsOpen: true })
                taken.Add(_queue.Dequeue());
            return taken;
        }

        public IEnumerable<Thought> Open() => [.. _queue.UnorderedItems.Select(item => item.Element).Where(thought => thought.IsOpen).OrderBy(thought => thought.Number)];
    }
}
