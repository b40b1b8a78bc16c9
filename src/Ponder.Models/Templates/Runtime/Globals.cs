using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>The functions that every chat template has.</summary>
internal static class Globals
{
    private static readonly BuiltinTable Table = new()
    {
        { "dict", "mapping? **", Dict },
        { "namespace", "mapping? **", Namespace },
        { "raise_exception", "message", Raise },
        { "range", "start stop? step?", Range },
        { "strftime_now", "format", c => c.Result(DateFormat.Format(c.Run.Options.Clock.GetLocalNow(), c.Text(0), c.Meter)) },
    };

    private static readonly Dictionary<string, Value> Values =
        Table.ToDictionary(b => b.Name, b => (Value)new FunctionValue(b), StringComparer.Ordinal);

    /// <summary>The function of this name, or null.</summary>
    public static Value? Find(string name) => Values.GetValueOrDefault(name);

    private static Value Raise(Call c) => throw new TemplateFault(c.Run.Printer.Text(c[0]!), isRaisedByTemplate: true);

    private static DictValue Dict(Call c)
    {
        var items = DictValue.NewItems();
        foreach (var (key, value) in Pairs(c))
            items[key] = value;
        foreach (var (name, value) in c.Named)
            items[new StringValue(name)] = value;
        return c.Meter.Dict(items);
    }

    private static NamespaceValue Namespace(Call c)
    {
        var result = new NamespaceValue();
        foreach (var (key, value) in Pairs(c))
        {
            if (key is not StringValue named)
                throw new TemplateFault("the attributes of a namespace are named by strings");
            result.Attributes[named.Text] = value;
        }
        foreach (var (name, value) in c.Named)
            result.Attributes[name] = value;
        c.Meter.Items(result.Attributes.Count);
        c.Meter.Allocate(result.Attributes.Count * 72L + 200);
        return result;
    }

    private static IEnumerable<KeyValuePair<Value, Value>> Pairs(Call c)
    {
        if (c[0] is null)
            return [];
        if (c[0] is DictValue dict)
            return dict.Items;
        var pairs = new List<KeyValuePair<Value, Value>>();
        foreach (var item in Iteration.Items(c.Meter, c[0]!))
        {
            c.Meter.Step();
            pairs.Add(Iteration.Items(c.Meter, item) is [var key, var value]
                ? new(Iteration.Key(c.Meter, key), value)
                : throw c.Wrong(0, "a dictionary or pairs", c[0]));
        }
        return pairs;
    }

    private static ListValue Range(Call c)
    {
        long start = c[1] is null ? 0 : c.Whole(0);
        long stop = c[1] is null ? c.Whole(0) : c.Whole(1);
        long step = c.Whole(2, 1);
        if (step == 0)
            throw new TemplateFault("the step of 'range' cannot be zero");
        var span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var count = span <= 0 ? 0 : (span - 1) / Int128.Abs(step) + 1;
        c.Meter.Items((long)Int128.Min(count, long.MaxValue / 64));
        c.Meter.Allocate((long)count * 32);
        var items = new Value[(int)count];
        for (int i = 0; i < items.Length; i++)
            items[i] = IntValue.Of(start + i * step);
        return c.Meter.List(items);
    }
}
