namespace Ponder.Models.Templates.Values;

/// <summary>A list or a tuple.</summary>
internal abstract class SequenceValue : Value
{
    private protected SequenceValue(Value[] items)
    {
        Items = items;
        int depth = 0;
        foreach (var item in items)
            depth = Math.Max(depth, item.Depth);
        Depth = depth + 1;
    }

    /// <summary>The items; nobody writes to them.</summary>
    public Value[] Items { get; }

    public override bool IsTrue => Items.Length > 0;

    public override int Depth { get; }
}

/// <summary><c>[a, b]</c></summary>
internal sealed class ListValue(Value[] items) : SequenceValue(items)
{
    public override string Type => "list";
}

/// <summary><c>(a, b)</c></summary>
internal sealed class TupleValue(params Value[] items) : SequenceValue(items)
{
    public override string Type => "tuple";
}

/// <summary><c>{k: v}</c>, in the order of insertion. Keys are scalars.</summary>
internal sealed class DictValue : Value
{
    private readonly OrderedDictionary<Value, Value> _items;

    /// <summary>Takes the items over.</summary>
    public DictValue(OrderedDictionary<Value, Value> items)
    {
        _items = items;
        int depth = 0;
        foreach (var item in items)
            depth = Math.Max(depth, item.Value.Depth);
        Depth = depth + 1;
    }

    public override string Type => "dict";

    public override bool IsTrue => _items.Count > 0;

    public override int Depth { get; }

    /// <summary>How many items it has.</summary>
    public int Count => _items.Count;

    /// <summary>The items in the order of insertion.</summary>
    public IReadOnlyList<KeyValuePair<Value, Value>> Items => _items;

    /// <summary>The value of a key, which may be any value, or null.</summary>
    public Value? Find(Value key) => Keys.IsKey(key) && _items.TryGetValue(key, out var value) ? value : null;

    /// <summary>The value of a name, or null.</summary>
    public Value? Find(string key) => Find(new StringValue(key));

    /// <summary>An empty table to fill.</summary>
    public static OrderedDictionary<Value, Value> NewItems(int capacity = 0) => new(capacity, Keys.Comparer);
}

/// <summary>What can be a key: strings, numbers, booleans, None. As in Python, 1, 1.0 and True are the same key.</summary>
internal sealed class Keys : IEqualityComparer<Value>
{
    private Keys() { }

    /// <summary>The only one.</summary>
    public static Keys Comparer { get; } = new();

    /// <summary>True for what can be a key.</summary>
    public static bool IsKey(Value value) => value is StringValue or IntValue or BoolValue or FloatValue or NoneValue;

    public bool Equals(Value? x, Value? y) => x is StringValue a && y is StringValue b
        ? a.Text == b.Text
        : x is NoneValue ? y is NoneValue : Number(x) is { } m && Number(y) is { } n && m.Equals(n);

    // Randomised by process: an adversary cannot choose keys that collide.
    public int GetHashCode(Value obj) => obj switch
    {
        StringValue s => s.Text.GetHashCode(StringComparison.Ordinal),
        NoneValue => 1,
        _ => HashCode.Combine(Number(obj)),
    };

    private static (long, double)? Number(Value? value) => value switch
    {
        BoolValue b => (b.Value ? 1 : 0, 0),
        IntValue i => (i.Value, 0),
        FloatValue f when Math.Floor(f.Value) == f.Value && Math.Abs(f.Value) < 9e18 => ((long)f.Value, 0),
        FloatValue f => (0, f.Value),
        _ => null,
    };
}
