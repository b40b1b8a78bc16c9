namespace Ponder.Models.Templates.Values;

/// <summary>
/// A value of a template. All but <see cref="NamespaceValue"/> never change, so values can be shared and hold no cycles.
/// </summary>
internal abstract class Value
{
    /// <summary>Python's name of the type, for error messages.</summary>
    public abstract string Type { get; }

    /// <summary>Python's truth value.</summary>
    public virtual bool IsTrue => true;

    /// <summary>How deep values nest within it; 0 where none do.</summary>
    public virtual int Depth => 0;
}

/// <summary>What a missing variable, attribute or item gives: false, printed as nothing, an error in most operations.</summary>
/// <param name="reason">Why it is undefined; a clause without a full stop.</param>
internal sealed class UndefinedValue(string reason) : Value
{
    /// <summary>Why it is undefined.</summary>
    public string Reason { get; } = reason;

    public override string Type => "Undefined";

    public override bool IsTrue => false;
}

/// <summary><c>None</c></summary>
internal sealed class NoneValue : Value
{
    private NoneValue() { }

    /// <summary>The only one.</summary>
    public static NoneValue Instance { get; } = new();

    public override string Type => "NoneType";

    public override bool IsTrue => false;
}

/// <summary><c>True</c>, <c>False</c></summary>
internal sealed class BoolValue : Value
{
    private BoolValue(bool value) => Value = value;

    /// <summary><c>True</c></summary>
    public static BoolValue True { get; } = new(true);

    /// <summary><c>False</c></summary>
    public static BoolValue False { get; } = new(false);

    public bool Value { get; }

    public override string Type => "bool";

    public override bool IsTrue => Value;

    public static BoolValue Of(bool value) => value ? True : False;
}

/// <summary>A whole number of 64 bits; what would not fit is an error.</summary>
internal sealed class IntValue : Value
{
    private const int Smallest = -16;
    private static readonly IntValue[] Small = [.. Enumerable.Range(Smallest, 1040).Select(i => new IntValue(i))];

    private IntValue(long value) => Value = value;

    public long Value { get; }

    public override string Type => "int";

    public override bool IsTrue => Value != 0;

    public static IntValue Of(long value) =>
        value >= Smallest && value < Smallest + Small.Length ? Small[value - Smallest] : new IntValue(value);
}

/// <summary>A floating-point number.</summary>
internal sealed class FloatValue(double value) : Value
{
    public double Value { get; } = value;

    public override string Type => "float";

    public override bool IsTrue => Value != 0;
}

/// <summary>A string.</summary>
internal sealed class StringValue(string text) : Value
{
    /// <summary>The empty string.</summary>
    public static StringValue Empty { get; } = new("");

    public string Text { get; } = text;

    public override string Type => "str";

    public override bool IsTrue => Text.Length > 0;
}
