namespace Ponder.Reasoning.Search.Pruning;

/// <summary>
/// Which leaves of a search's tree to keep, the integer program of ETS (arXiv 2502.13575): the most worth, less the KV memory that the kept leaves hold, and
/// a bonus for each cluster of which one leaf at least is kept. One leaf is kept in any case.
/// </summary>
/// <remarks>
/// Without the clusters the best set falls out of one pass from the leaves up. With them, the same pass gives a bound: every leaf that is not decided yet
/// counts the bonus of its cluster for itself. Branch and bound on this visits at most 2^(n + 1) sets of decisions for n leaves, so that up to 13 leaves are
/// always solved exactly within its limit; where the limit is met, the best set so far stands, which no change of one leaf and no exchange of two improves.
/// </remarks>
/// <param name="tree">The tree.</param>
/// <param name="worth">The worth of each leaf.</param>
/// <param name="price">What a token costs, not negative.</param>
/// <param name="clusterOf">The cluster of each leaf, from 0.</param>
/// <param name="bonus">For each cluster that is covered, not negative.</param>
internal sealed class KeptSet(KvTree tree, double[] worth, double price, int[] clusterOf, double bonus)
{
    private const int MostVisits = 20_000;
    private const double Better = 1e-12;                        // less is rounding

    private readonly int _nodes = tree.Above.Length;
    private readonly int[] _decided = new int[tree.Leaves];     // 1 kept, -1 given up, 0 open
    private readonly bool[] _paid = new bool[tree.Above.Length];
    private readonly double[] _gain = new double[tree.Above.Length];
    private readonly bool[] _covered = new bool[clusterOf.Length == 0 ? 0 : clusterOf.Max() + 1];
    private bool[] _best = [];
    private double _bestValue;
    private int _visits;

    /// <summary>The best set: for each leaf whether it is kept.</summary>
    public bool[] Find()
    {
        Start();
        int[] order = [.. Enumerable.Range(0, tree.Leaves).OrderByDescending(i => worth[i]).ThenBy(i => i)];
        Visit(order, 0);
        return _best;
    }

    /// <summary>Whether every set was looked at or ruled out.</summary>
    public bool IsExact => _visits <= MostVisits;

    /// <summary>The value of a set.</summary>
    public double ValueOf(ReadOnlySpan<bool> kept)
    {
        double value = Mark(kept);
        for (int i = 0; i < kept.Length; i++)
            value += kept[i] ? worth[i] : 0;
        for (int i = 0; i < _nodes; i++)
            value -= _paid[i] ? price * tree.Tokens[i] : 0;
        return value;
    }

    // Which nodes are paid for and which clusters are covered; returns the bonuses.
    private double Mark(ReadOnlySpan<bool> kept)
    {
        Array.Clear(_paid);
        Array.Clear(_covered);
        double bonuses = 0;
        for (int i = 0; i < kept.Length; i++)
        {
            _paid[i] = kept[i];
            if (kept[i] && !_covered[clusterOf[i]])
            {
                _covered[clusterOf[i]] = true;
                bonuses += bonus;
            }
        }
        for (int i = 0; i < _nodes; i++)
        {
            if (_paid[i] && tree.Above[i] >= 0)
                _paid[tree.Above[i]] = true;
        }
        return bonuses;
    }

    // The set that the bound is made of, and the best single leaf, each improved as far as it goes.
    private void Start()
    {
        var relaxed = new bool[tree.Leaves];
        Bound();
        var lives = new bool[_nodes];
        for (int i = _nodes - 1; i >= 0; i--)
            lives[i] = _gain[i] > 0 && (tree.Above[i] < 0 || lives[tree.Above[i]]);
        lives.AsSpan(0, tree.Leaves).CopyTo(relaxed);
        bool[][] singles = [.. Enumerable.Range(0, tree.Leaves).Select(i => Single(i))];
        _best = singles.MaxBy(single => ValueOf(single))!;
        _bestValue = ValueOf(_best);
        Improve([.. _best]);
        if (relaxed.Contains(true))
            Improve(relaxed);

        bool[] Single(int leaf)
        {
            var kept = new bool[tree.Leaves];
            kept[leaf] = true;
            return kept;
        }
    }

    private void Improve(bool[] kept)
    {
        double value = ValueOf(kept);
        bool isBetter;
        do
        {
            isBetter = false;
            for (int i = 0; i < kept.Length; i++)
            {
                isBetter |= Try(i, i);
                for (int j = i + 1; j < kept.Length; j++)
                {
                    if (kept[i] != kept[j])
                        isBetter |= Try(i, j);
                }
            }
        }
        while (isBetter);
        Offer(kept, value);

        bool Try(int i, int j)
        {
            Flip();
            double changed = kept.Contains(true) ? ValueOf(kept) : double.NegativeInfinity;
            if (changed > value + Better)
            {
                value = changed;
                return true;
            }
            Flip();
            return false;

            void Flip()
            {
                kept[i] = !kept[i];
                if (j != i)
                    kept[j] = !kept[j];
            }
        }
    }

    private void Offer(ReadOnlySpan<bool> kept, double value)
    {
        if (value > _bestValue + Better)
            (_best, _bestValue) = (kept.ToArray(), value);
    }

    private void Visit(int[] order, int depth)
    {
        if (++_visits > MostVisits || Bound() <= _bestValue + Better)
            return;
        if (depth == order.Length)
        {
            bool[] kept = [.. _decided.Select(decision => decision > 0)];
            if (kept.Contains(true))
                Offer(kept, ValueOf(kept));
            return;
        }
        foreach (int decision in (ReadOnlySpan<int>)[1, -1])
        {
            _decided[order[depth]] = decision;
            Visit(order, depth + 1);
        }
        _decided[order[depth]] = 0;
    }

    // No set that agrees with the decisions is worth more. Fills _gain with what each node adds.
    private double Bound()
    {
        double value = Mark([.. _decided.Select(decision => decision > 0)]);
        Array.Clear(_gain);
        for (int i = 0; i < _nodes; i++)
        {
            double own = i >= tree.Leaves ? 0
                : _decided[i] < 0 ? double.NegativeInfinity
                : worth[i] + (_covered[clusterOf[i]] ? 0 : bonus);
            _gain[i] += own - (price * tree.Tokens[i]);
            double adds = _paid[i] ? _gain[i] : Math.Max(0, _gain[i]);
            if (tree.Above[i] >= 0)
                _gain[tree.Above[i]] += adds;
            else
                value += adds;
        }
        return value;
    }
}
