using System.Globalization;
using Ponder.Cli.Solving;

namespace Ponder.Cli.Seeing;

/// <summary>
/// A tree of thoughts as a terminal shows it. It is kept up to date event by event, in time that grows with a thought's depth alone; a frame looks at the
/// thoughts that it shows and at their children. Shown are the answer's path, then the paths to what is open, then the best, then the newest, as far as there
/// are lines; what stays hidden is counted. Not thread-safe.
/// </summary>
internal sealed class ThoughtTree
{
    private readonly Dictionary<int, Node> _nodes = [];
    private readonly Node _top = new(-1, null);                 // prompts are not shown: what is forked from them stands at the left
    private long _clock;
    private double _low, _high = 1;                             // the scale of the colours, wider where rewards leave it
    private Node? _leader;
    private bool _isSettled;

    /// <summary>Thoughts.</summary>
    public int Count => _nodes.Count;

    /// <summary>A thought came into being.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="parent">What it was forked from; a thought that is not known is a prompt.</param>
    public void Add(int number, int? parent)
    {
        if (_nodes.ContainsKey(number))
            return;
        var above = parent is int known && _nodes.TryGetValue(known, out var node) ? node : _top;
        var child = new Node(number, above);
        if (above.Children.Count == 0 && above.IsOpen)
            Change(above, open: -1);                            // the child is open in its stead
        above.Children.Add(child);
        _nodes.Add(number, child);
        for (var up = above; up is not null; up = up.Parent)
            up.Below++;
        Change(child, open: 1);
    }

    /// <summary>A thought came to the end of a step, or to its end.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="text">Its own text.</param>
    /// <param name="isOpen">It may go on.</param>
    /// <param name="isAnswer">It came to an answer.</param>
    public void Grow(int number, string text, bool isOpen, bool isAnswer)
    {
        if (!_nodes.TryGetValue(number, out var node))
            return;
        (node.Text, node.IsAnswer) = (text, isAnswer);
        SetOpen(node, isOpen);
        Lead(node);
    }

    /// <summary>A thought was scored.</summary>
    public void Score(int number, double? reward)
    {
        if (!_nodes.TryGetValue(number, out var node))
            return;
        node.Reward = reward;
        if (reward is not double value)
            return;
        (_low, _high) = (Math.Min(_low, value), Math.Max(_high, value));
        for (var up = node; up is not null && up.Best < value; up = up.Parent)
            up.Best = value;
        Change(node, open: 0);
        Lead(node);
    }

    /// <summary>A thought was given up.</summary>
    public void Prune(int number)
    {
        if (!_nodes.TryGetValue(number, out var node))
            return;
        node.IsPruned = true;
        SetOpen(node, false);
    }

    /// <summary>The strategy settled on a thought: its path is the answer's.</summary>
    /// <param name="number">Its number; null for none.</param>
    public void Choose(int? number)
    {
        _isSettled = true;
        _leader = number is int chosen ? _nodes.GetValueOrDefault(chosen) : null;
    }

    /// <summary>The tree on so many lines, none wider than so many characters.</summary>
    public IReadOnlyList<BoardLine> Lines(int width, int height)
    {
        if (_nodes.Count == 0 || height < 1)
            return [];
        var path = new HashSet<Node>();
        for (var node = _leader; node is not null; node = node.Parent)
            path.Add(node);
        var shown = Choose(path, height);
        var lines = new List<BoardLine>();
        Draw(_top, "");
        return lines;

        void Draw(Node node, string prefix)
        {
            if (!shown.TryGetValue(node, out var children))
                return;
            int hidden = node.Children.Count - children.Count;
            children.Sort((a, b) => a.Number.CompareTo(b.Number));
            bool isChain = node.Children.Count == 1 && node != _top;        // a line of steps is not indented
            for (int i = 0; i < children.Count; i++)
            {
                bool isLast = i == children.Count - 1 && hidden == 0;
                lines.Add(LineOf(children[i], prefix + (isChain || node == _top ? "" : isLast ? "└ " : "├ "), width, path, shown.ContainsKey(children[i])));
                Draw(children[i], prefix + (isChain || node == _top ? (node == _top ? "  " : "") : isLast ? "  " : "│ "));
            }
            if (hidden > 0)
                lines.Add(More(node, children, hidden, prefix + (node == _top ? "" : "└ "), width));
        }
    }

    // The children to show of each thought that is shown; a thought with hidden children beside shown ones takes a line more.
    private Dictionary<Node, List<Node>> Choose(HashSet<Node> path, int height)
    {
        var shown = new Dictionary<Node, List<Node>>();
        var next = new PriorityQueue<(Node[] Ranked, int At), Rank>();
        int lines = 0;
        Offer(Ranked(_top), 0);
        while (next.TryDequeue(out var offer, out _))
        {
            var node = offer.Ranked[offer.At];
            var parent = node.Parent!;
            bool isFirst = !shown.TryGetValue(parent, out var children);
            int hiddenAfter = parent.Children.Count - (children?.Count ?? 0) - 1;
            int cost = 1 + (isFirst && hiddenAfter > 0 ? 1 : 0) - (!isFirst && hiddenAfter == 0 ? 1 : 0);
            if (lines + cost > height)
                break;
            lines += cost;
            if (children is null)
                shown.Add(parent, children = []);
            children.Add(node);
            Offer(offer.Ranked, offer.At + 1);
            Offer(Ranked(node), 0);
        }
        return shown;

        void Offer(Node[] ranked, int at)
        {
            if (at < ranked.Length)
                next.Enqueue((ranked, at), RankOf(ranked[at]));
        }

        Node[] Ranked(Node node) => node.Children.Count == 0 ? [] : [.. node.Children.OrderBy(RankOf).Take(height)];

        Rank RankOf(Node node) => new(path.Contains(node), node.Open > 0, node.Best, node.Latest);
    }

    private BoardLine LineOf(Node node, string prefix, int width, HashSet<Node> path, bool hasShownChildren)
    {
        prefix = Fit(prefix, width);
        var pieces = new List<Piece> { new(prefix, Tone.Soft) };
        string score = node.Reward is double reward ? reward.ToString("0.00", CultureInfo.InvariantCulture) + " " : "";
        if (score.Length > 0)
            pieces.Add(new Piece(score, node.IsPruned ? Tone.Pruned : Tone.Score, (node.Reward!.Value - _low) / (_high - _low)));
        string rest = (node.IsOpen && node.Children.Count == 0 ? " …" : "") + (node.Below > 0 && !hasShownChildren ? $" (+{Units.Count(node.Below)})" : "");
        int room = width - prefix.Length - score.Length - rest.Length;
        if (room > 0)
            pieces.Add(new Piece(Units.OneLine(IsBareEnd(node) ? "(ends here)" : node.Text, room), node.IsPruned ? Tone.Pruned : path.Contains(node) ? Tone.Path : Tone.Plain));
        if (rest.Length > 0 && room >= 0)
            pieces.Add(new Piece(rest, Tone.Soft));
        return new BoardLine(pieces);
    }

    private static BoardLine More(Node node, List<Node> shown, int hidden, string prefix, int width)
    {
        int below = node.Below - shown.Sum(child => child.Below + 1);
        string all = below > hidden ? $", {Units.Count(below)} with what is below" : "";
        prefix = Fit(prefix, width);
        return new BoardLine(new Piece(prefix + Units.OneLine($"… {Units.Count(hidden)} more{all}", width - prefix.Length), Tone.Soft));
    }

    // A thought that was forked only to find that the policy had nothing more to say.
    private static bool IsBareEnd(Node node) => !node.IsOpen && string.IsNullOrWhiteSpace(node.Text);

    // Of a deep tree the right half of the screen is for texts.
    private static string Fit(string prefix, int width) => prefix.Length <= width / 2 ? prefix : "…" + prefix[^((width / 2) - 1)..];

    private void SetOpen(Node node, bool isOpen)
    {
        int change = node.IsOpen == isOpen || node.Children.Count > 0 ? 0 : isOpen ? 1 : -1;
        node.IsOpen = isOpen;
        Change(node, change);
    }

    private void Change(Node node, int open)
    {
        _clock++;
        for (var up = node; up is not null; up = up.Parent)
        {
            up.Open += open;
            up.Latest = _clock;
        }
    }

    // Until the strategy settles, the best of those that came to an answer leads.
    private void Lead(Node node)
    {
        if (!_isSettled && node is { IsAnswer: true, IsPruned: false } && (_leader is null || (node.Reward ?? double.MinValue) > (_leader.Reward ?? double.MinValue)))
            _leader = node;
    }

    private sealed class Node(int number, Node? parent)
    {
        public int Number => number;

        public Node? Parent => parent;

        public List<Node> Children { get; } = [];

        public string Text { get; set; } = "";

        public double? Reward { get; set; }

        public bool IsOpen { get; set; } = number >= 0;

        public bool IsPruned { get; set; }

        public bool IsAnswer { get; set; }

        /// <summary>The best reward from here down.</summary>
        public double Best { get; set; } = double.NegativeInfinity;

        /// <summary>When something last happened from here down.</summary>
        public long Latest { get; set; }

        /// <summary>Thoughts below.</summary>
        public int Below { get; set; }

        /// <summary>Thoughts from here down that may go on and that nothing was forked from.</summary>
        public int Open { get; set; }
    }

    /// <summary>What is shown first.</summary>
    private readonly record struct Rank(bool IsOnPath, bool IsOpen, double Best, long Latest) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            int order = other.IsOnPath.CompareTo(IsOnPath);
            order = order != 0 ? order : other.IsOpen.CompareTo(IsOpen);
            order = order != 0 ? order : other.Best.CompareTo(Best);
            return order != 0 ? order : other.Latest.CompareTo(Latest);
        }
    }
}
