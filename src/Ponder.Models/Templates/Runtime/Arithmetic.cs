using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>
/// Python's arithmetic: <c>/</c> gives a float, <c>//</c> and <c>%</c> round down, strings and lists add and repeat. Whole numbers have 64 bits.
/// </summary>
internal static class Arithmetic
{
    /// <summary>True for int, float and bool.</summary>
    public static bool IsNumber(Value value) => value is IntValue or FloatValue or BoolValue;

    /// <summary>The whole number that an int or a bool is, or null.</summary>
    public static long? Whole(Value value) => value switch { IntValue i => i.Value, BoolValue b => b.Value ? 1 : 0, _ => null };

    /// <summary>A number as a float.</summary>
    public static double Real(Value value) => value is FloatValue f ? f.Value : Whole(value) ?? double.NaN;

    /// <summary>The order of two numbers; null with nan.</summary>
    public static int? CompareNumbers(Value a, Value b)
    {
        if (Whole(a) is { } x && Whole(b) is { } y)
            return x.CompareTo(y);
        double p = Real(a), q = Real(b);
        return double.IsNaN(p) || double.IsNaN(q) ? null : p.CompareTo(q);
    }

    /// <summary>Applies a binary operator.</summary>
    public static Value Apply(Interpreter run, string name, Value a, Value b)
    {
        try
        {
            return Numbers(name, a, b) ?? Others(run, name, a, b) ?? throw new TemplateFault(
                Operators.Undefined(a, b) ?? $"'{name}' has no meaning between values of type {a.Type} and {b.Type}");
        }
        catch (OverflowException)
        {
            throw new TemplateFault($"the result of '{name}' does not fit in 64 bits");
        }
    }

    /// <summary><c>-a</c></summary>
    public static Value Negate(Value value) => value switch
    {
        FloatValue f => new FloatValue(-f.Value),
        _ when Whole(value) is { } whole && whole != long.MinValue => IntValue.Of(-whole),
        _ => throw new TemplateFault(Operators.Undefined(value) ?? $"'-' has no meaning before a value of type {value.Type}"),
    };

    private static Value? Numbers(string name, Value a, Value b)
    {
        if (!IsNumber(a) || !IsNumber(b))
            return null;
        return Whole(a) is { } x && Whole(b) is { } y ? Wholes(name, x, y) : Reals(name, Real(a), Real(b));
    }

    private static Value Wholes(string name, long a, long b)
    {
        switch (name)
        {
            case "+": return IntValue.Of(checked(a + b));
            case "-": return IntValue.Of(checked(a - b));
            case "*": return IntValue.Of(checked(a * b));
            case "**": return b < 0 ? Reals(name, a, b) : IntValue.Of(Power(a, b));
        }
        if (b == 0)
            throw new TemplateFault("division by zero");
        if (name == "/")
            return new FloatValue((double)a / b);
        if (b == -1)
            return IntValue.Of(name == "//" ? checked(-a) : 0);     // long.MinValue / -1 traps
        long remainder = a % b;
        bool roundsDown = remainder != 0 && (remainder < 0) != (b < 0);
        return IntValue.Of(name == "//" ? a / b - (roundsDown ? 1 : 0) : remainder + (roundsDown ? b : 0));
    }

    private static long Power(long a, long b)
    {
        long result = 1;
        for (; b > 0; b >>= 1)
        {
            if ((b & 1) != 0)
                result = checked(result * a);
            if (b > 1)
                a = checked(a * a);
        }
        return result;
    }

    private static FloatValue Reals(string name, double a, double b)
    {
        if (b == 0 && (name is "/" or "//" or "%"))
            throw new TemplateFault("division by zero");
        switch (name)
        {
            case "+": return new FloatValue(a + b);
            case "-": return new FloatValue(a - b);
            case "*": return new FloatValue(a * b);
            case "/": return new FloatValue(a / b);
            case "**":
                if (a == 0 && b < 0)
                    throw new TemplateFault("zero has no negative power");
                double power = Math.Pow(a, b);
                return double.IsFinite(power) || !double.IsFinite(a) || !double.IsFinite(b)
                    ? new FloatValue(power)
                    : throw new TemplateFault("the result of '**' is not a real number in range");
        }
        double remainder = a % b;
        if (remainder != 0 && (remainder < 0) != (b < 0))
            remainder += b;
        return new FloatValue(name == "%" ? remainder : Math.Round((a - remainder) / b));
    }

    private static Value? Others(Interpreter run, string name, Value a, Value b)
    {
        switch (name)
        {
            case "+" when a is StringValue x && b is StringValue y: return Join(run, x.Text, y.Text);
            case "+" when run.Dialect == TemplateDialect.JavaScript && (a is StringValue || b is StringValue):
                return Join(run, run.Printer.Text(a), run.Printer.Text(b));
            case "+" when a is ListValue x && b is ListValue y: return run.Meter.List(Join(run, x.Items, y.Items));
            case "+" when a is TupleValue x && b is TupleValue y: return run.Meter.Tuple(Join(run, x.Items, y.Items));
            case "*" when Whole(b) is { } count: return Repeat(run, a, count);
            case "*" when Whole(a) is { } count: return Repeat(run, b, count);
            case "%" when a is StringValue format:
                return run.Meter.String(PercentFormat.Apply(run, format.Text, b is TupleValue tuple ? tuple.Items : [b], b as DictValue));
            default: return null;
        }
    }

    private static StringValue Join(Interpreter run, string a, string b)
    {
        run.Meter.Text((long)a.Length + b.Length);
        return new StringValue(a + b);
    }

    private static Value[] Join(Interpreter run, Value[] a, Value[] b)
    {
        run.Meter.Items((long)a.Length + b.Length);
        return [.. a, .. b];
    }

    private static Value? Repeat(Interpreter run, Value value, long count)
    {
        count = Math.Max(count, 0);
        if (value is StringValue { Text: var text })
        {
            run.Meter.Text(text.Length == 0 ? 0 : Product(text.Length, count));
            return text.Length == 0 ? value : new StringValue(string.Create(text.Length * (int)count, text, static (to, from) =>
            {
                for (int at = 0; at < to.Length; at += from.Length)
                    from.CopyTo(to[at..]);
            }));
        }
        if (value is not SequenceValue sequence)
            return null;
        run.Meter.Items(sequence.Items.Length == 0 ? 0 : Product(sequence.Items.Length, count));
        var items = new Value[sequence.Items.Length == 0 ? 0 : sequence.Items.Length * count];
        for (int i = 0; i < items.Length; i++)
            items[i] = sequence.Items[i % sequence.Items.Length];
        return value is ListValue ? run.Meter.List(items) : run.Meter.Tuple(items);
    }

    private static long Product(long a, long b) => b > int.MaxValue ? long.MaxValue / 64 : a * b;
}
