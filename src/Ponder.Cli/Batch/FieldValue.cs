using System.Globalization;
using System.Text.Json;
using Ponder.Numerics;

namespace Ponder.Cli.Batch;

/// <summary>The value of a field, which says what is wrong with it.</summary>
/// <param name="Name">The field.</param>
/// <param name="Value">What it holds.</param>
internal readonly record struct FieldValue(string Name, JsonElement Value)
{
    /// <summary>The text.</summary>
    public string Text()
    {
        if (Value.ValueKind != JsonValueKind.String)
            throw Wrong("a text");
        try
        {
            return Value.GetString()!;
        }
        catch (InvalidOperationException e)                     // GetString has no Try
        {
            throw new UsageException($"'{Name}' holds bytes or escapes that are no text.", e);
        }
    }

    /// <summary>The number.</summary>
    public double Number() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetDouble(out double number) ? number : throw Wrong("a number");

    /// <summary>The whole number.</summary>
    public int Whole(int least, int most) =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out int number) && number >= least && number <= most
            ? number
            : throw Wrong($"a whole number from {least} to {most}");

    /// <summary>The seed.</summary>
    public ulong Seed() =>
        Value.ValueKind == JsonValueKind.Number && Value.TryGetUInt64(out ulong number) ? number : throw Wrong("a whole number from 0");

    /// <summary>True or false.</summary>
    public bool Flag() => Value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => throw Wrong("true or false") };

    /// <summary>The items of the array.</summary>
    public IEnumerable<FieldValue> Items(string wanted)
    {
        if (Value.ValueKind != JsonValueKind.Array)
            throw Wrong(wanted);
        string name = Name;
        return Value.EnumerateArray().Select((item, i) => new FieldValue($"{name}[{i}]", item));
    }

    /// <summary>One text, or an array of texts.</summary>
    public string[] Texts() =>
        Value.ValueKind == JsonValueKind.String ? [Text()] : [.. Items("a text or an array of texts").Select(item => item.Text())];

    /// <summary>An object of numbers whose names are token ids: <c>{"15": -2.5}</c>.</summary>
    public Dictionary<int, double> NumbersById()
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Wrong("an object of token ids and numbers");
        var numbers = new Dictionary<int, double>();
        foreach (var field in Value.EnumerateObject())
        {
            if (!int.TryParse(field.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || !numbers.TryAdd(id, new FieldValue($"{Name}.{id}", field.Value).Number()))
                throw new UsageException($"'{Name}' holds '{field.Name}', which is no token id, or one that is there twice.");
        }
        return numbers;
    }

    /// <summary>The fields of the object that are not null, each of which must be one of those that are known.</summary>
    /// <param name="known">Their names.</param>
    public IEnumerable<FieldValue> Fields(IReadOnlyCollection<string> known)
    {
        if (Value.ValueKind != JsonValueKind.Object)
            throw Wrong("an object");
        foreach (var field in Value.EnumerateObject())
        {
            string name = field.Name;
            if (!known.Contains(name))
                throw Unknown(name, known);
            if (field.Value.ValueKind != JsonValueKind.Null)
                yield return new FieldValue(name, field.Value);
        }
    }

    /// <summary>The error that the value is not what it should be.</summary>
    public UsageException Wrong(string wanted) => new($"'{Name}' is not {wanted}.");

    private static UsageException Unknown(string name, IReadOnlyCollection<string> known) => new(NearestName.Of(name, known) is { } nearest
        ? $"There is no field '{name}' (did you mean '{nearest}'?)."
        : $"There is no field '{name}'; the known ones are {string.Join(", ", known)}.");
}
