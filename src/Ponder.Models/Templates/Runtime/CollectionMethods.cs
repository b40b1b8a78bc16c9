using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>The methods of dictionaries, lists and tuples; none changes its value.</summary>
internal static class CollectionMethods
{
    /// <summary>The table of dictionaries.</summary>
    public static readonly BuiltinTable Dictionaries = new()
    {
        { "copy", "", c => c.Self },
        { "get", "key default?", c => ((DictValue)c.Self).Find(c.Meter.Hashed(c[0]!)) ?? c[1] ?? NoneValue.Instance },
        { "items", "", c => Pairs(c.Meter, (DictValue)c.Self) },
        { "keys", "", c => c.Meter.List(Iteration.Items(c.Meter, c.Self)) },
        { "values", "", c => c.Meter.List([.. ((DictValue)c.Self).Items.Select(i => i.Value)]) },
    };

    /// <summary>The table of lists and tuples.</summary>
    public static readonly BuiltinTable Sequences = new()
    {
        { "copy", "", c => c.Self },
        { "count", "value", c => IntValue.Of(((SequenceValue)c.Self).Items.Count(i => Operators.AreEqual(c.Meter, i, c[0]!))) },
        { "index", "value", Index },
    };

    /// <summary>The items of a dictionary as pairs.</summary>
    public static ListValue Pairs(Meter meter, DictValue dict) => meter.List([.. dict.Items.Select(i => meter.Tuple(i.Key, i.Value))]);

    /// <summary>Joins items; a strict join takes strings only.</summary>
    public static StringValue Join(Call c, string separator, Value[] items, bool strict = false)
    {
        var text = TextBuffer.ForString(c.Meter);
        for (int i = 0; i < items.Length; i++)
        {
            c.Meter.Step();
            if (strict && items[i] is not StringValue)
                throw new TemplateFault($"'join' wants strings, not a value of type {items[i].Type}");
            if (i > 0)
                text.Append(separator);
            text.Append(c.Run.Printer.Text(items[i]));
        }
        return new StringValue(text.ToString());
    }

    private static IntValue Index(Call c)
    {
        int index = Array.FindIndex(((SequenceValue)c.Self).Items, i => Operators.AreEqual(c.Meter, i, c[0]!));
        return index >= 0 ? IntValue.Of(index) : throw new TemplateFault("the list does not hold the value that 'index' looks for");
    }
}
