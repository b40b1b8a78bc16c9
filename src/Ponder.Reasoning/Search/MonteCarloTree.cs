using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Monte Carlo tree search over steps: rounds go down from the root to open leaves, expand them all in one batch, and carry back what each was worth, as
/// means. PUCT over rewards as in OpenR (Wang et al., arXiv 2410.09671), or UCT, also with rollouts, as in rStar (Qi et al., arXiv 2408.06195) and LATS
/// (Zhou et al., arXiv 2310.04406). A leaf is expanded once; what comes to its end is carried back at once and closed, since to visit it again would
/// teach nothing. When all is closed, new first steps are drawn. The search ends when it has drawn the tokens of as many answers as it is wide, measured
/// by those that it has found; before the first is found each counts as long as it may become.
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
        values => new MonteCarloTree(SearchOptions.Of(values), TreeOptions.Of(values)));

    private protected override async Task SearchAsync(StepSearch search)
    {
        var growth = new Growth(search, _tree, Options.Width);
        while (search.Session.CanDraw && growth.WorkLeft > 0)
        {
            if (!await growth.RoundAsync().ConfigureAwait(false))
                break;
        }
        await growth.EndAsync().ConfigureAwait(false);
    }

    /// <summary>A tree while it grows.</summary>
    internal sealed class Growth(StepSearch search, TreeOptions options, int width)
    {
        private readonly Dice _dice = new(search.Session.Settings.Seed, Draws);
        private readonly int _most = Math.Clamp(width / options.Expand, 1, options.Batch);
        private long _drawn;
        private int _expansions;

        public TreeNode Root { get; } = new(search.Session.Root, null, 0);

        /// <summary>Tokens that may still be drawn.</summary>
        public double WorkLeft => (width * (search.Ended.Count > 0 ? search.Ended.Average(thought => thought.GeneratedTokens) : search.Session.Settings.MaxTokens)) - _drawn;

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
            await FinishAsync(deep.ConvertAll(leaf => leaf.Thought)).ConfigureAwait(false);
            deep.ForEach(leaf => leaf.Return(StepSearch.RewardOf(leaf.Thought)));

            leaves.RemoveAll(deep.Contains);
            var judged = options.Rollout ? leaves.ConvertAll(leaf => search.Session.Fork(leaf.Thought, 1)[0]) : leaves.ConvertAll(leaf => leaf.Thought);
            if (options.Rollout)
                await FinishAsync(judged).ConfigureAwait(false);
            foreach (var (leaf, thought) in leaves.Zip(judged))
                leaf.Return(StepSearch.RewardOf(thought));
            await ExpandAsync(leaves, options.Expand).ConfigureAwait(false);
            return _drawn > before;
        }

        /// <summary>Gives up what is open; without an answer so far the best leaf goes to its end.</summary>
        public async Task EndAsync()
        {
            var open = OpenLeaves(Root).ToList();
            if (!search.Ended.Any(thought => thought.Answer is not null) && open.MaxBy(leaf => leaf.Value) is { } best)
                await search.FinishAsync([best.Thought]).ConfigureAwait(false);
            search.Session.Reject(open.Select(leaf => leaf.Thought).Where(thought => thought.IsOpen));
        }

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
            node.Close();
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

        private async Task FinishAsync(List<Thought> thoughts)
        {
            long before = thoughts.Sum(thought => (long)thought.GeneratedTokens);
            await search.FinishAsync(thoughts).ConfigureAwait(false);
            _drawn += thoughts.Sum(thought => (long)thought.GeneratedTokens) - before;
        }

        private static IEnumerable<TreeNode> OpenLeaves(TreeNode node) => !node.IsOpen ? []
            : node.Children.Count == 0 ? [node] : node.Children.SelectMany(OpenLeaves);
    }
}
