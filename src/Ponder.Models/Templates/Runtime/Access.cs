using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Attributes, items and slices. Nothing but what is written here can be reached; no .NET member is.</summary>
internal static class Access
{
    // Methods that change their value; templates get theirs from elsewhere and may not.
    private static readonly HashSet<string> Changing =
        ["append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update"];

    /// <summary><c>subject.name</c>: a method first, then an item.</summary>
    public static Value Member(Value subject, string name) => subject switch
    {
        UndefinedValue u => throw new TemplateFault(u.Reason),
        NamespaceValue n => n.Attributes.GetValueOrDefault(name) ?? Missing(subject, name),
        LoopValue loop => loop.Find(name) ?? Missing(subject, name),
        MacroValue macro when name == "name" => new StringValue(macro.Body.Name),
        DictValue dict => Method(subject, name) ?? dict.Find(name) ?? Forbidden(subject, name) ?? Missing(subject, name),
        _ => Method(subject, name) ?? Forbidden(subject, name) ?? Missing(subject, name),
    };

    /// <summary><c>subject[key]</c>: an item first, then a method.</summary>
    public static Value Item(Meter meter, Value subject, Value key)
    {
        switch (subject)
        {
            case UndefinedValue u:
                throw new TemplateFault(u.Reason);
            case DictValue dict when dict.Find(meter.Hashed(key)) is { } value:
                return value;
            case SequenceValue sequence when Arithmetic.Whole(key) is { } index:
                if (index < 0)
                    index += sequence.Items.Length;
                return index >= 0 && index < sequence.Items.Length
                    ? sequence.Items[index]
                    : new UndefinedValue($"the {subject.Type} has no item {index}");
            case StringValue text when Arithmetic.Whole(key) is { } index:
                return Character(meter, text.Text, index);
            case var _ when key is StringValue name:
                return subject is DictValue ? (Value?)Method(subject, name.Text) ?? Missing(subject, name.Text) : Member(subject, name.Text);
            default:
                return new UndefinedValue($"a value of type {subject.Type} has no item for a key of type {key.Type}");
        }
    }

    /// <summary><c>subject[start:stop:step]</c></summary>
    public static Value Slice(Meter meter, Value subject, Value? start, Value? stop, Value? step)
    {
        long by = Bound(step) ?? 1;
        if (by == 0)
            throw new TemplateFault("the step of a slice cannot be zero");
        switch (subject)
        {
            case SequenceValue sequence:
                int[] chosen = Indices(meter, sequence.Items.Length, Bound(start), Bound(stop), by);
                var items = Array.ConvertAll(chosen, i => sequence.Items[i]);
                return subject is ListValue ? meter.List(items) : meter.Tuple(items);
            case StringValue text:
                return new StringValue(Slice(meter, text.Text, Bound(start), Bound(stop), by));
            case UndefinedValue u:
                throw new TemplateFault(u.Reason);
            default:
                throw new TemplateFault($"a value of type {subject.Type} cannot be sliced");
        }
    }

    /// <summary>The method of a value, or null.</summary>
    private static FunctionValue? Method(Value subject, string name)
    {
        var table = subject switch
        {
            StringValue => StringMethods.Table,
            DictValue => CollectionMethods.Dictionaries,
            SequenceValue => CollectionMethods.Sequences,
            _ => null,
        };
        return table?.Find(name) is { } builtin ? new FunctionValue(builtin, subject) : null;
    }

    private static Value? Forbidden(Value subject, string name) => subject is DictValue or ListValue && Changing.Contains(name)
        ? throw new TemplateFault($"'{name}' would change a {subject.Type}, which a template may not do; a namespace can hold what changes")
        : null;

    private static UndefinedValue Missing(Value subject, string name) =>
        new(subject is DictValue ? $"the dict has no item '{name}'" : $"a value of type {subject.Type} has no attribute '{name}'");

    private static Value Character(Meter meter, string text, long index)
    {
        meter.Scan(text.Length);
        int[]? offsets = Offsets(meter, text);
        int length = offsets is null ? text.Length : offsets.Length - 1;
        if (index < 0)
            index += length;
        if (index < 0 || index >= length)
            return new UndefinedValue($"the string has no character {index}");
        return meter.String(offsets is null ? text[(int)index].ToString() : text[offsets[index]..offsets[index + 1]]);
    }

    private static long? Bound(Value? value) => value is null or NoneValue
        ? null
        : Arithmetic.Whole(value)
            ?? throw new TemplateFault(Operators.Undefined(value) ?? $"a slice wants whole numbers, not a value of type {value.Type}");

    private static string Slice(Meter meter, string text, long? start, long? stop, long step)
    {
        meter.Scan(text.Length);
        int[]? offsets = Offsets(meter, text);
        int length = offsets is null ? text.Length : offsets.Length - 1;
        if (step == 1)
        {
            var (first, end) = Range(length, start, stop);
            int from = offsets is null ? first : offsets[first];
            int to = offsets is null ? end : offsets[end];
            meter.Text(Math.Max(to - from, 0));
            return to <= from ? "" : text[from..to];
        }
        var buffer = TextBuffer.ForString(meter);
        foreach (int i in Indices(meter, length, start, stop, step))
            buffer.Append(offsets is null ? text.AsSpan(i, 1) : text.AsSpan(offsets[i]..offsets[i + 1]));
        return buffer.ToString();
    }

    private static int[]? Offsets(Meter meter, string text)
    {
        if (PythonText.Length(text) == text.Length)
            return null;
        meter.Allocate((long)text.Length * sizeof(int));
        return PythonText.Offsets(text);
    }

    private static (int Start, int End) Range(int length, long? start, long? stop) =>
        ((int)Clamp(start ?? 0, length, 0, length), (int)Clamp(stop ?? length, length, 0, length));

    private static long Clamp(long index, int length, long low, long high) => Math.Clamp(index < 0 ? index + length : index, low, high);

    private static int[] Indices(Meter meter, int length, long? start, long? stop, long step)
    {
        long first = start is { } a ? Clamp(a, length, step > 0 ? 0 : -1, step > 0 ? length : length - 1) : step > 0 ? 0 : length - 1;
        long end = stop is { } b ? Clamp(b, length, step > 0 ? 0 : -1, step > 0 ? length : length - 1) : step > 0 ? length : -1;
        long span = step > 0 ? end - first : first - end;
        if (span <= 0)
            return [];
        step = Math.Clamp(step, -length, length);
        int count = (int)((span - 1) / Math.Abs(step)) + 1;
        meter.Allocate(count * (sizeof(int) + 8L));
        var indices = new int[count];
        for (int i = 0; i < indices.Length; i++)
            indices[i] = (int)(first + i * step);
        return indices;
    }
}
