using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Values as sequences of items.</summary>
internal static class Iteration
{
    /// <summary>True for what <see cref="Items"/> takes.</summary>
    public static bool IsIterable(Value value) => value is SequenceValue or DictValue or StringValue or UndefinedValue;

    /// <summary>The items of a list or a tuple, the keys of a dictionary, the characters of a string, nothing of an undefined value.</summary>
    /// <exception cref="TemplateFault">The value has no items.</exception>
    public static Value[] Items(Meter meter, Value value)
    {
        switch (value)
        {
            case SequenceValue sequence: return sequence.Items;
            case UndefinedValue: return [];
            case DictValue dict:
                meter.Items(dict.Count);
                return [.. dict.Items.Select(i => i.Key)];
            case StringValue text: return Characters(meter, text.Text);
            default: throw new TemplateFault($"a value of type {value.Type} has no items");
        }
    }

    /// <summary>A value that can be a key of a dictionary.</summary>
    public static Value Key(Meter meter, Value value) => Keys.IsKey(value)
        ? meter.Hashed(value)
        : throw new TemplateFault(Operators.Undefined(value) ?? $"a value of type {value.Type} cannot be a key of a dictionary");

    private static Value[] Characters(Meter meter, string text)
    {
        int length = PythonText.Length(text);
        meter.Items(length);
        meter.Allocate(length * 64L);
        var characters = new Value[length];
        for (int i = 0, at = 0; i < length; i++)
        {
            int units = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;
            characters[i] = new StringValue(text.Substring(at, units));
            at += units;
        }
        return characters;
    }
}
