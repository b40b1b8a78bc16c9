namespace Ponder.Inference.Sampling;

/// <summary>The tokens that are still in the draw, with their probabilities (not normalised after a filter). One a branch loop, reused.</summary>
internal sealed class Candidates
{
    private int[] _ids = [];
    private double[] _probabilities = [];
    private bool _sorted;

    /// <summary>Tokens in the draw.</summary>
    public int Count { get; private set; }

    /// <summary>Ids in the draw.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>Their probabilities.</summary>
    public ReadOnlySpan<double> Probabilities => _probabilities.AsSpan(0, Count);

    /// <summary>Fills with the whole vocabulary at a temperature above 0.</summary>
    public void Fill(ReadOnlySpan<float> logits, double temperature)
    {
        if (_ids.Length < logits.Length)
            (_ids, _probabilities) = (new int[logits.Length], new double[logits.Length]);
        float largest = System.Numerics.Tensors.TensorPrimitives.Max(logits);
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            _ids[i] = i;
            sum += _probabilities[i] = Math.Exp((logits[i] - largest) / temperature);
        }
        for (int i = 0; i < logits.Length; i++)
            _probabilities[i] /= sum;
        Count = logits.Length;
        _sorted = false;
    }

    /// <summary>Keeps the first <paramref name="count"/>.</summary>
    public void Keep(int count) => Count = Math.Min(Count, count);

    /// <summary>Keeps the <paramref name="count"/> most likely, in order, without sorting the others; of equals those with lower ids.</summary>
    public void KeepLargest(int count)
    {
        if (!_sorted && count < Count)
        {
            // The first places are a heap whose root is the least of the kept. Ids rise along the array, so that an equal one that comes later is less.
            for (int root = count / 2 - 1; root >= 0; root--)
                SiftDown(root, count);
            for (int i = count; i < Count; i++)
            {
                if (_probabilities[i] <= _probabilities[0])
                    continue;
                (_ids[0], _probabilities[0]) = (_ids[i], _probabilities[i]);
                SiftDown(0, count);
            }
        }
        Keep(count);
        Sort();
    }

    private void SiftDown(int place, int count)
    {
        while (2 * place + 1 < count)
        {
            int child = 2 * place + 1;
            if (child + 1 < count && IsLess(child + 1, child))
                child++;
            if (IsLess(place, child))
                return;
            (_ids[place], _ids[child]) = (_ids[child], _ids[place]);
            (_probabilities[place], _probabilities[child]) = (_probabilities[child], _probabilities[place]);
            place = child;
        }
    }

    private bool IsLess(int a, int b) =>
        _probabilities[a] < _probabilities[b] || (_probabilities[a] == _probabilities[b] && _ids[a] > _ids[b]);

    /// <summary>Drops all whose probability is under <paramref name="least"/>; the order stays.</summary>
    public void DropBelow(double least)
    {
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (_probabilities[i] < least)
                continue;
            (_ids[kept], _probabilities[kept]) = (_ids[i], _probabilities[i]);
            kept++;
        }
        Count = kept;
    }

    /// <summary>Orders by falling probability, ties by rising id.</summary>
    public void Sort()
    {
        if (_sorted)
            return;
        var ids = _ids.AsSpan(0, Count);
        _probabilities.AsSpan(0, Count).Sort(ids, Falling.Instance);
        for (int start = 0; start < Count;)
        {
            int end = start + 1;
            while (end < Count && _probabilities[end] == _probabilities[start])
                end++;
            ids[start..end].Sort();                             // the sort is not stable
            start = end;
        }
        _sorted = true;
    }

    /// <summary>Draws one token: the first whose cumulated probability passes <paramref name="uniform"/> of the whole.</summary>
    public int Draw(double uniform)
    {
        double total = 0;
        for (int i = 0; i < Count; i++)
            total += _probabilities[i];
        double target = uniform * total, sum = 0;
        int drawn = 0;
        for (int i = 0; i < Count && sum <= target; i++)
        {
            sum += _probabilities[i];
            if (_probabilities[i] > 0)                          // rounding at the end must not draw what cannot be drawn
                drawn = _ids[i];
        }
        return drawn;
    }

    // One object for all sorts: a comparison given as a lambda is wrapped in a new one each time.
    private sealed class Falling : IComparer<double>
    {
        public static readonly Falling Instance = new();

        public int Compare(double x, double y) => y.CompareTo(x);
    }
}
