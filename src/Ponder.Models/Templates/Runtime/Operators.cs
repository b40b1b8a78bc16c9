using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Comparisons and membership with Python's meaning. Nested values are not deeper than the limit, so the walks recurse.</summary>
internal static class Operators
{
    /// <summary><c>a == b</c></summary>
    public static bool AreEqual(Meter meter, Value a, Value b)
    {
        meter.Step();
        switch (a, b)
        {
            case (StringValue x, StringValue y):
                meter.Scan(x.Text.Length);
                return x.Text == y.Text;
            case (ListValue x, ListValue y): return AreEqual(meter, x.Items, y.Items);
            case (TupleValue x, TupleValue y): return AreEqual(meter, x.Items, y.Items);
            case (DictValue x, DictValue y): return AreEqual(meter, x, y);
            case (UndefinedValue, UndefinedValue): return true;
            default: return ReferenceEquals(a, b) || (Arithmetic.IsNumber(a) && Arithmetic.IsNumber(b) && Arithmetic.CompareNumbers(a, b) == 0);
        }
    }

    /// <summary>Python's order: negative, zero or positive.</summary>
    /// <exception cref="TemplateFault">The values have no order.</exception>
    public static int Compare(Meter meter, Value a, Value b)
    {
        meter.Step();
        switch (a, b)
        {
            case (StringValue x, StringValue y):
                meter.Scan(Math.Min(x.Text.Length, y.Text.Length));
                return string.CompareOrdinal(x.Text, y.Text);
            case (ListValue x, ListValue y): return Compare(meter, x.Items, y.Items);
            case (TupleValue x, TupleValue y): return Compare(meter, x.Items, y.Items);
        }
        if (Arithmetic.IsNumber(a) && Arithmetic.IsNumber(b))
            return Arithmetic.CompareNumbers(a, b) ?? throw new TemplateFault("nan has no order");
        throw new TemplateFault(Undefined(a, b) ?? $"values of type {a.Type} and {b.Type} have no order");
    }

    /// <summary><c>a &lt; b</c> and its like; comparisons with nan are false.</summary>
    public static bool IsOrdered(Meter meter, string name, Value a, Value b)
    {
        if (a is FloatValue { Value: double.NaN } && Arithmetic.IsNumber(b) || b is FloatValue { Value: double.NaN } && Arithmetic.IsNumber(a))
            return false;
        int order = Compare(meter, a, b);
        return name switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }

    /// <summary><c>item in container</c>. In JavaScript a boolean is no number, so <c>1 in [true]</c> is false there.</summary>
    public static bool Contains(Interpreter run, Value container, Value item)
    {
        var meter = run.Meter;
        bool strict = run.Dialect == TemplateDialect.JavaScript;
        meter.Step();
        switch (container)
        {
            case StringValue text:
                if (item is not StringValue part)
                    throw new TemplateFault(Undefined(item) ?? $"'in' a string wants a string on its left, not a value of type {item.Type}");
                meter.Search(text.Text, part.Text);
                return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case SequenceValue sequence:
                foreach (var candidate in sequence.Items)
                {
                    if (AreEqual(meter, candidate, item) && !(strict && candidate is BoolValue != item is BoolValue))
                        return true;
                }
                return false;
            case DictValue dict:
                return dict.Find(meter.Hashed(item)) is not null;
            case UndefinedValue:
                return false;
            default:
                throw new TemplateFault($"a value of type {container.Type} holds nothing, so 'in' has no meaning");
        }
    }

    /// <summary>Why the first undefined of the values is undefined, or null when all are defined.</summary>
    public static string? Undefined(params ReadOnlySpan<Value> values)
    {
        foreach (var value in values)
        {
            if (value is UndefinedValue undefined)
                return undefined.Reason;
        }
        return null;
    }

    private static bool AreEqual(Meter meter, Value[] a, Value[] b)
    {
        if (a.Length != b.Length)
            return false;
        for (int i = 0; i < a.Length; i++)
        {
            if (!AreEqual(meter, a[i], b[i]))
                return false;
        }
        return true;
    }

    private static bool AreEqual(Meter meter, DictValue a, DictValue b)
    {
        if (a.Count != b.Count)
            return false;
        foreach (var (key, value) in a.Items)
        {
            if (b.Find(meter.Hashed(key)) is not { } other || !AreEqual(meter, value, other))
                return false;
        }
        return true;
    }

    private static int Compare(Meter meter, Value[] a, Value[] b)
    {
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            if (!AreEqual(meter, a[i], b[i]))
                return Compare(meter, a[i], b[i]);
        }
        return a.Length.CompareTo(b.Length);
    }
}
