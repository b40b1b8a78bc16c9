using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Filters over the items of a value.</summary>
internal static class SequenceFilters
{
    /// <summary><c>map('filter', …)</c>, <c>map(attribute='a.b', default=…)</c></summary>
    public static Value Map(Call c)
    {
        var items = Items(c);
        if (c.Rest.Count == 0)
        {
            var named = new Arguments([], [.. c.Named]);
            var attribute = named.Take("attribute") ?? throw new TemplateFault("'map' wants a filter or an attribute");
            var otherwise = named.Take("default");
            if (named.Named.Count > 0)
                throw new TemplateFault($"'map' has no argument '{named.Named[0].Key}'");
            return c.Meter.List(Array.ConvertAll(items, i => Attribute(c, i, attribute, otherwise)));
        }
        string filter = c.Rest[0] is StringValue s ? s.Text : throw new TemplateFault("'map' wants the name of a filter");
        return c.Meter.List(Nested(c, () => Array.ConvertAll(items, i => c.Run.ApplyFilter(filter, i, new Arguments(c.Rest[1..], [.. c.Named])))));
    }

    /// <summary><c>select('test', …)</c>, <c>reject</c></summary>
    public static Value Select(Call c, bool keep) => c.Meter.List(Array.FindAll(Items(c), Test(c, 0, keep)));

    /// <summary><c>selectattr('a.b', 'test', …)</c>, <c>rejectattr</c></summary>
    public static Value SelectAttribute(Call c, bool keep)
    {
        var test = Test(c, 0, keep);
        return c.Meter.List(Array.FindAll(Items(c), i => test(Attribute(c, i, c[0]!))));
    }

    /// <summary><c>sort(reverse, case_sensitive, attribute)</c></summary>
    public static Value Sort(Call c)
    {
        var items = (Value[])Items(c).Clone();
        string[] attributes = c.Has(2) ? c.Text(2).Split(',') : [];
        bool reverse = c.Flag(0);
        var keyed = Array.ConvertAll(items, i => (Item: i, Keys: Array.ConvertAll(attributes.Length == 0 ? [""] : attributes, a =>
            Folded(c, a.Length == 0 ? i : Attribute(c, i, new StringValue(a)), c.Flag(1)))));
        c.Meter.Allocate(items.Length * 96L);
        Sorting.Sorted(keyed, (a, b) => (reverse ? -1 : 1) * Compare(c, a.Keys, b.Keys));
        return c.Meter.List(Array.ConvertAll(keyed, k => k.Item));
    }

    /// <summary><c>dictsort(case_sensitive, by, reverse)</c></summary>
    public static Value SortDict(Call c)
    {
        var dict = c.Self as DictValue ?? throw c.Unfit("a dictionary");
        int by = c.Text(1, "key") switch
        {
            "key" => 0,
            "value" => 1,
            _ => throw c.Wrong(1, "'key' or 'value'", c[1]),
        };
        int sign = c.Flag(2) ? -1 : 1;
        var pairs = CollectionMethods.Pairs(c.Meter, dict).Items;
        return c.Meter.List(Sorting.Sorted(pairs, (a, b) => sign * Operators.Compare(
            c.Meter, Folded(c, ((TupleValue)a).Items[by], c.Flag(0)), Folded(c, ((TupleValue)b).Items[by], c.Flag(0)))));
    }

    /// <summary><c>unique(case_sensitive, attribute)</c></summary>
    public static Value Unique(Call c)
    {
        var seen = new HashSet<Value>(Keys.Comparer);
        return c.Meter.List(Array.FindAll(Items(c), i =>
        {
            c.Meter.Allocate(48);
            return seen.Add(Iteration.Key(c.Meter, Folded(c, c.Has(1) ? Attribute(c, i, c[1]!) : i, c.Flag(0))));
        }));
    }

    /// <summary><c>groupby(attribute, default, case_sensitive)</c>: pairs of the value and its items, ordered by the value.</summary>
    public static Value GroupBy(Call c)
    {
        var keyed = Array.ConvertAll(Items(c), i => (Item: i, Key: Attribute(c, i, c[0]!, c[1])));
        bool caseSensitive = c.Flag(2);
        Sorting.Sorted(keyed, (a, b) => Operators.Compare(c.Meter, Folded(c, a.Key, caseSensitive), Folded(c, b.Key, caseSensitive)));
        var groups = new List<Value>();
        for (int start = 0, end; start < keyed.Length; start = end)
        {
            var key = Folded(c, keyed[start].Key, caseSensitive);
            for (end = start + 1; end < keyed.Length && Operators.AreEqual(c.Meter, key, Folded(c, keyed[end].Key, caseSensitive)); end++) { }
            groups.Add(c.Meter.Tuple(keyed[start].Key, c.Meter.List(Array.ConvertAll(keyed[start..end], k => k.Item))));
        }
        return c.Meter.ListOf(groups);
    }

    /// <summary><c>min</c>, <c>max</c></summary>
    public static Value Extreme(Call c, int sign)
    {
        Value? best = null;
        Value? bestKey = null;
        foreach (var item in Items(c))
        {
            var key = Folded(c, c.Has(1) ? Attribute(c, item, c[1]!) : item, c.Flag(0));
            if (bestKey is not null && sign * Operators.Compare(c.Meter, key, bestKey) <= 0)
                continue;
            best = item;
            bestKey = key;
        }
        return best ?? new UndefinedValue("there are no items to choose from");
    }

    /// <summary><c>sum(attribute, start)</c></summary>
    public static Value Sum(Call c)
    {
        var sum = c[1] ?? IntValue.Of(0);
        foreach (var item in Items(c))
            sum = Arithmetic.Apply(c.Run, "+", sum, c.Has(0) ? Attribute(c, item, c[0]!) : item);
        return sum;
    }

    /// <summary><c>join(d, attribute)</c></summary>
    public static Value Join(Call c)
    {
        var items = Items(c);
        if (c.Has(1))
            items = Array.ConvertAll(items, i => Attribute(c, i, c[1]!));
        return CollectionMethods.Join(c, c.Has(0) ? c.Run.Printer.Text(c[0]!) : "", items);
    }

    /// <summary><c>reverse</c>: of a string a string, of all else a list.</summary>
    public static Value Reverse(Call c)
    {
        Value[] items = [.. Items(c)];
        Array.Reverse(items);
        return c.Self is StringValue ? CollectionMethods.Join(c, "", items) : c.Meter.List(items);
    }

    /// <summary><c>batch(linecount, fill_with)</c>: lists of so many items.</summary>
    public static Value Batch(Call c)
    {
        var items = Items(c);
        long size = c.Whole(0);
        if (size < 1)
            throw c.Wrong(0, "a positive number", c[0]);
        var batches = new List<Value>();
        for (long start = 0; start < items.Length; start += size)
        {
            Value[] batch = items[(int)start..(int)Math.Min(items.Length, start + size)];
            batches.Add(Filled(c, batch, c.Has(1) ? size - batch.Length : 0));
        }
        return c.Meter.ListOf(batches);
    }

    /// <summary><c>slice(slices, fill_with)</c>: so many lists of nearly the same length.</summary>
    public static Value Slice(Call c)
    {
        var items = Items(c);
        long count = c.Whole(0);
        if (count < 1)
            throw c.Wrong(0, "a positive number", c[0]);
        c.Meter.Items(count);
        var slices = new List<Value>();
        int each = (int)(items.Length / count);
        long longer = items.Length % count;
        for (int i = 0, start = 0; i < count; i++)
        {
            int length = each + (i < longer ? 1 : 0);
            slices.Add(Filled(c, items[start..(start + length)], c.Has(1) && i >= longer ? 1 : 0));
            start += length;
        }
        return c.Meter.ListOf(slices);
    }

    private static ListValue Filled(Call c, Value[] items, long missing)
    {
        c.Meter.Items(items.Length + missing);
        return c.Meter.List(missing <= 0 ? items : [.. items, .. Enumerable.Repeat(c[1]!, (int)missing)]);
    }

    private static Value[] Items(Call c)
    {
        var items = Iteration.Items(c.Meter, c.Self);
        c.Meter.Scan(items.Length * 64L);
        return items;
    }

    private static T Nested<T>(Call c, Func<T> body)
    {
        c.Meter.Enter();
        var result = body();
        c.Meter.Leave();
        return result;
    }

    private static Predicate<Value> Test(Call c, int at, bool keep)
    {
        if (c.Rest.Count == at)
            return i => i.IsTrue == keep;
        string test = c.Rest[at] is StringValue s ? s.Text : throw new TemplateFault("the name of a test is a string");
        return i => c.Run.ApplyTest(test, i, new Arguments(c.Rest[(at + 1)..], [.. c.Named])) == keep;
    }

    /// <summary>The value at a path such as <c>details.0.name</c>.</summary>
    private static Value Attribute(Call c, Value item, Value path, Value? otherwise = null)
    {
        c.Meter.Step();
        if (path is IntValue)
            return Access.Item(c.Meter, item, path) is not UndefinedValue found ? Access.Item(c.Meter, item, path) : otherwise ?? found;
        string text = path is StringValue s ? s.Text : throw new TemplateFault("an attribute is named by a string");
        c.Meter.Scan(text.Length * 16L);
        foreach (string part in text.Split('.'))
        {
            Value key = long.TryParse(part, System.Globalization.NumberStyles.None, null, out long index)
                ? IntValue.Of(index)
                : new StringValue(part);
            item = Access.Item(c.Meter, item, key);
            if (item is UndefinedValue && otherwise is not null)
                return otherwise;
        }
        return item;
    }

    private static Value Folded(Call c, Value key, bool caseSensitive) =>
        key is StringValue s && !caseSensitive ? c.Result(s.Text.ToLowerInvariant()) : key;

    // As lists of keys: equal ones are stepped over before an order is asked for.
    private static int Compare(Call c, Value[] a, Value[] b)
    {
        for (int i = 0; i < a.Length; i++)
        {
            if (!Operators.AreEqual(c.Meter, a[i], b[i]))
                return Operators.Compare(c.Meter, a[i], b[i]);
        }
        return 0;
    }
}
