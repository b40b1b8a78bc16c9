using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Monte Carlo tree search over steps: rounds go down from the root to open leaves, expand them all in one batch, and carry back what each was worth, as
/// means. PUCT over rewards as in OpenR (Wang et al., arXiv 2410.09671), or UCT, also with rollouts, as in rStar (Qi et al., arXiv 2408.06195) and LATS
/// (Zhou et al., arXiv 2310.04406). A leaf is expanded once; what comes to its end is carried back at once and closed, since to visit it again would
/// teach nothing. When all is closed, new first steps are drawn. The search ends when it has drawn the tokens of as many answers as it is wide, measured
/// by those that it has found. Before it has found one, an answer is taken to be a step longer than the longest of its beginnings.
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="tree">How it goes down the tree, and grows it; null for the defaults.</param>
public sealed class MonteCarloTree(SearchOptions? options = null, TreeOptions? tree = null) : SearchStrategy(Row, options)
{
    private const ulong Draws = 0x4d435453_00000000;

    private readonly TreeOptions _tree = tree ?? new TreeOptions();

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "mcts", "Grows a tree where rewards are high and visits are few.", "OpenR: Wang et al., arXiv 2410.09671",
        "about the tokens of W answers, and their rewards", SearchOptions.Rows(TreeOptions.Rows),
        values => new MonteCarloTree(SearchOptions.Of(values), TreeOptions.Of(values)))
    {
        AnswersPerUnit = 1.2,                                   // measured at width 16: the last round goes beyond the work
    };

    private protected override async Task SearchAsync(StepSearch search)
    {
        var growth = new Growth(search, _tree, Options.Width);
        bool goesOn = true;
        while (goesOn && search.Session.CanDraw)
            goesOn = await (growth.WorkLeft > 0 ? growth.RoundAsync() : growth.MeasureAsync()).ConfigureAwait(false);
        growth.GiveUp();
    }

    /// <summary>A tree while it grows.</summary>
    internal sealed class Growth(StepSearch search, TreeOptions options, int width)
    {
        private readonly Dice _dice = new(search.Session.Settings.Seed, Draws);
        private readonly int _most = Math.Clamp(width / options.Expand, 1, options.Batch);
        private Thought? _longest;
        private long _drawn;
        private int _expansions;

        public TreeNode Root { get; } = new(search.Session.Root, null, 0);

        /// <summary>Tokens that are left of the work.</summary>
        public double WorkLeft => (width * AnswerTokens) - _drawn;

        private double AnswerTokens => search.Ended.Count > 0
            ? search.Ended.Average(thought => thought.GeneratedTokens)
            : _longest is null ? search.Session.Settings.MaxTokens : _longest.GeneratedTokens * (1 + (1.0 / _longest.Depth));

        /// <summary>Goes down to some leaves and expands them, or the root where there is none.</summary>
        /// <returns>False when nothing could be drawn.</returns>
        public async Task<bool> RoundAsync()
        {
            long before = _drawn;
            int room = _expansions == 0 ? _most : (int)Math.Clamp(Math.Ceiling(WorkLeft * _expansions / Math.Max(1, _drawn)), 1, _most);
            var leaves = new List<TreeNode>();
            while (leaves.Count < room && Root.IsOpen)
                leaves.Add(Descend());
            if (leaves.Count == 0)
            {
                await ExpandAsync([Root], options.Expand * room).ConfigureAwait(false);
                AddNoise();
                return _drawn > before;
            }
            var deep = leaves.FindAll(leaf => !search.CanGrow([leaf.Thought]));
            await FinishAsync(deep).ConfigureAwait(false);
            leaves.RemoveAll(deep.Contains);
            await SimulateAsync(leaves).ConfigureAwait(false);
            await ExpandAsync(leaves, options.Expand).ConfigureAwait(false);
            return _drawn > before;
        }

        /// <summary>Where nothing has come to its end yet, lets the best leaves go there, as many as one round expands: now it is known how long answers are.</summary>
        /// <returns>False when that was known, or still is not.</returns>
        public async Task<bool> MeasureAsync()
        {
            if (search.Ended.Count > 0)
                return false;
            var best = OpenLeaves(Root).OrderByDescending(leaf => leaf.Value).ThenBy(leaf => leaf.Thought.Number).Take(_most).ToList();
            best.ForEach(leaf => leaf.Visit());
            await FinishAsync(best).ConfigureAwait(false);
            return search.Ended.Count > 0;
        }

        /// <summary>Gives up what is open.</summary>
        public void GiveUp() => search.Session.Reject(OpenLeaves(Root).Select(leaf => leaf.Thought));

        // To the child with the highest score, and so on; of several to the one with the higher value, then to the one drawn first.
        private TreeNode Descend()
        {
            var node = Root;
            while (node.Children.Count > 0)
            {
                var parent = node;
                node = node.Children.Where(child => child.IsOpen)
                    .MaxBy(child => (options.Selector.Score(child.Value, Prior(child), child.Visits, parent.Visits), child.Value))!;
            }
            node.Visit();
            return node;
        }

        private double Prior(TreeNode node) =>
            node.Noise is double noise ? ((1 - options.Noise) * node.Share) + (options.Noise * noise) : node.Share;

        private async Task ExpandAsync(List<TreeNode> nodes, int share)
        {
            var children = await search.BranchAsync(nodes.ConvertAll(node => node.Thought), [.. nodes.Select(_ => share)]).ConfigureAwait(false);
            _expansions += nodes.Count * share / options.Expand;
            foreach (var (node, steps) in nodes.Zip(children))
            {
                if (node != Root)
                    search.Session.Release(node.Thought);
                foreach (var step in steps)
                    Add(node, step);
            }
        }

        private void Add(TreeNode node, Thought step)
        {
            _drawn += step.GeneratedTokens - node.Thought.GeneratedTokens;
            if (_longest is null || step.GeneratedTokens > _longest.GeneratedTokens)
                _longest = step;
            double reward = StepSearch.RewardOf(step);
            var added = node.Add(step, options.Rollout ? node.Value : reward);
            if (added is null && step.IsOpen)
                search.Session.Reject(step);                    // ended ones have cost nothing to keep, and vote
            else if (added is not null && !step.IsOpen)
            {
                added.Visit();
                added.Return(reward);
            }
        }

        private void AddNoise()
        {
            if (Root.Children.Count == 0 || options.Noise == 0)
                return;
            double[] noise = Dirichlet.Draw(Root.Children.Count, options.Alpha, _dice);
            for (int i = 0; i < noise.Length; i++)
                Root.Children[i].Noise = noise[i];
        }

        // What leaves that were visited are worth.
        private async Task SimulateAsync(List<TreeNode> leaves)
        {
            var judged = leaves.ConvertAll(leaf => options.Rollout ? search.Session.Fork(leaf.Thought, 1)[0] : leaf.Thought);
            if (options.Rollout)
                await ToEndAsync(judged).ConfigureAwait(false);
            foreach (var (leaf, thought) in leaves.Zip(judged))
                leaf.Return(StepSearch.RewardOf(thought));
        }

        private async Task FinishAsync(List<TreeNode> leaves)
        {
            await ToEndAsync(leaves.ConvertAll(leaf => leaf.Thought)).ConfigureAwait(false);
            leaves.ForEach(leaf => leaf.Return(StepSearch.RewardOf(leaf.Thought)));
        }

        private async Task ToEndAsync(List<Thought> thoughts)
        {
            long before = thoughts.Sum(thought => (long)thought.GeneratedTokens);
            await search.FinishAsync(thoughts).ConfigureAwait(false);
            _drawn += thoughts.Sum(thought => (long)thought.GeneratedTokens) - before;
        }

        private static IEnumerable<TreeNode> OpenLeaves(TreeNode node) => !node.IsOpen ? []
            : node.Children.Count == 0 ? [node] : node.Children.SelectMany(OpenLeaves);
    }
}
