using System.Numerics.Tensors;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Sampling;

/// <summary>
/// The tokens that are still in the draw, with their weights. A token and its weight are one number, a key, which rises as the weight falls and, of
/// equals, with the id: sorting or partitioning keys needs no second array.
/// </summary>
internal sealed class Candidates
{
    private ulong[] _keys = [];
    private ulong[] _spare = [];
    private int[] _ids = [];
    private float[] _values = [];
    private double _mass;
    private bool _inOrder;                                      // of equal weights, lower ids come first

    /// <summary>Tokens in the draw; at least one.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// The sum of the weights in the draw. Right after <see cref="Fill"/> it may include what is below the floor, for a filter that must know it.
    /// </summary>
    public double Mass
    {
        get
        {
            if (double.IsNaN(_mass))
            {
                _mass = 0;
                foreach (ulong key in Keys)
                    _mass += WeightOf(key);
            }
            return _mass;
        }
    }

    private Span<ulong> Keys => _keys.AsSpan(0, Count);

    /// <summary>Takes the tokens of a row whose logits are at least <paramref name="floor"/> and whose weights are not 0.</summary>
    public void Fill(ref LogitRow row, float floor)
    {
        if (_keys.Length < row.Length)
            (_keys, _spare, _ids, _values) = (new ulong[row.Length], new ulong[row.Length], new int[row.Length], new float[row.Length]);
        int found = RowSelection.AtLeast(VectorWidths.Current, row.Logits, row.Maxima, floor, _ids);
        var ids = _ids.AsSpan(0, found);
        var weights = _values.AsSpan(0, found);
        for (int i = 0; i < found; i++)
            weights[i] = row.Logits[ids[i]];
        RowExponential.Apply(VectorWidths.Current, weights, row.Largest, row.Scale, weights);
        int count = 0;
        for (int i = 0; i < found; i++)
        {
            _keys[count] = KeyOf(ids[i], weights[i]);
            count += weights[i] > 0 ? 1 : 0;
        }
        (Count, _mass, _inOrder) = (count, row.TotalIfKnown, true);
    }

    /// <summary>The largest weight.</summary>
    public float LargestWeight()
    {
        ulong first = ulong.MaxValue;
        foreach (ulong key in Keys)
            first = Math.Min(first, key);
        return WeightOf(first);
    }

    /// <summary>Keeps the <paramref name="count"/> most likely, of equals those with lower ids.</summary>
    public void KeepLargest(int count)
    {
        if (count < Count)
            (Count, _mass, _inOrder) = (Selection.Prefix(Keys, count, new Ones()), double.NaN, false);
    }

    /// <summary>Keeps the fewest, most likely first, whose weights reach <paramref name="mass"/>.</summary>
    public void KeepMass(double mass) => (Count, _mass, _inOrder) = (Selection.Prefix(Keys, mass, new Weights()), double.NaN, false);

    /// <summary>Drops all whose weight is under <paramref name="least"/>.</summary>
    public void DropBelow(double least)
    {
        int kept = 0;
        foreach (ulong key in Keys)
        {
            _keys[kept] = key;
            kept += WeightOf(key) >= least ? 1 : 0;
        }
        (Count, _mass) = (kept, double.NaN);
    }

    /// <summary>Keeps the fewest, those first whose surprise is nearest to the entropy, whose weights reach a part of the mass; of equals those with lower ids.</summary>
    public void KeepTypical(double part)
    {
        // With p = w / mass: -ln p - entropy = (sum of p ln w) - ln w. The mass cancels.
        if (!_inOrder)
            Keys.Sort();
        var logarithms = _values.AsSpan(0, Count);
        for (int i = 0; i < Count; i++)
            logarithms[i] = WeightOf(_keys[i]);
        TensorPrimitives.Log(logarithms, logarithms);
        double moment = 0;
        for (int i = 0; i < Count; i++)
            moment += (double)WeightOf(_keys[i]) * logarithms[i];
        double middle = moment / Mass;
        var order = _spare.AsSpan(0, Count);
        for (int i = 0; i < Count; i++)
        {
            uint distance = BitConverter.SingleToUInt32Bits((float)Math.Abs(middle - logarithms[i]));
            order[i] = (ulong)distance << 32 | (uint)i;
        }
        int kept = Selection.Prefix(order, part * Mass, new WeightsAt(_keys));
        for (int i = 0; i < kept; i++)
            order[i] = _keys[(int)(uint)order[i]];
        (_keys, _spare) = (_spare, _keys);
        (Count, _mass, _inOrder) = (kept, double.NaN, false);
    }

    /// <summary>Draws one token: the first whose cumulated weight passes <paramref name="uniform"/> of the mass.</summary>
    /// <param name="uniform">In [0, 1).</param>
    /// <param name="weight">The token's weight.</param>
    public int Draw(double uniform, out float weight)
    {
        double target = uniform * Mass, sum = 0;
        int drawn = 0;
        for (int i = 0; i < Count && sum <= target; i++)
            sum += WeightOf(_keys[drawn = i]);
        weight = WeightOf(_keys[drawn]);
        return IdOf(_keys[drawn]);
    }

    /// <summary>Copies ids and probabilities, in no order.</summary>
    public int CopyTo(Span<int> ids, Span<float> probabilities)
    {
        double scale = 1 / Mass;
        for (int i = 0; i < Count; i++)
            (ids[i], probabilities[i]) = (IdOf(_keys[i]), (float)(WeightOf(_keys[i]) * scale));
        return Count;
    }

    private static ulong KeyOf(int id, float weight) => (ulong)~BitConverter.SingleToUInt32Bits(weight) << 32 | (uint)id;

    private static float WeightOf(ulong key) => BitConverter.UInt32BitsToSingle(~(uint)(key >> 32));

    private static int IdOf(ulong key) => (int)(uint)key;

    private readonly struct Weights : IMeasure
    {
        public double Of(ulong key) => WeightOf(key);
    }

    /// <summary>Of keys that end in places: the weight there.</summary>
    private readonly struct WeightsAt(ulong[] keys) : IMeasure
    {
        public double Of(ulong key) => WeightOf(keys[(int)(uint)key]);
    }
}
