using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>What can stand after <c>is</c>.</summary>
internal static class Tests
{
    private static readonly BuiltinTable Table = new()
    {
        { "!=", "other", c => !IsEqual(c) },
        { "<", "other", c => IsOrdered(c, "<") },
        { "<=", "other", c => IsOrdered(c, "<=") },
        { "==", "other", IsEqual },
        { ">", "other", c => IsOrdered(c, ">") },
        { ">=", "other", c => IsOrdered(c, ">=") },
        { "boolean", "", c => c.Self is BoolValue },
        { "callable", "", c => c.Self is CallableValue or UndefinedValue },
        { "defined", "", c => c.Self is not UndefinedValue },
        { "divisibleby", "number", c => Remainder(c, c[0]!) },
        { "eq", "other", IsEqual },
        { "equalto", "other", IsEqual },
        { "even", "", c => Remainder(c, IntValue.Of(2)) },
        { "false", "", c => c.Self == BoolValue.False },
        { "filter", "", c => Filters.Find(c.SelfText) is not null },
        { "float", "", c => c.Self is FloatValue },
        { "ge", "other", c => IsOrdered(c, ">=") },
        { "greaterthan", "other", c => IsOrdered(c, ">") },
        { "gt", "other", c => IsOrdered(c, ">") },
        { "in", "container", c => Operators.Contains(c.Run, c[0]!, c.Self) },
        { "integer", "", c => c.Self is IntValue },
        { "iterable", "", c => Iteration.IsIterable(c.Self) },
        { "le", "other", c => IsOrdered(c, "<=") },
        { "lessthan", "other", c => IsOrdered(c, "<") },
        { "lower", "", c => StringMethods.IsCased(c.SelfText, char.IsLower, char.IsUpper) },
        { "lt", "other", c => IsOrdered(c, "<") },
        { "mapping", "", c => c.Self is DictValue },
        { "ne", "other", c => !IsEqual(c) },
        { "none", "", c => c.Self is NoneValue },
        { "number", "", c => Arithmetic.IsNumber(c.Self) },
        { "odd", "", c => !Remainder(c, IntValue.Of(2)) },
        { "sameas", "other", IsSame },
        { "sequence", "", c => Iteration.IsIterable(c.Self) },
        { "string", "", c => c.Self is StringValue },
        { "test", "", c => Find(c.SelfText) is not null },
        { "true", "", c => c.Self == BoolValue.True },
        { "undefined", "", c => c.Self is UndefinedValue },
        { "upper", "", c => StringMethods.IsCased(c.SelfText, char.IsUpper, char.IsLower) },
    };

    /// <summary>The test of this name, or null.</summary>
    public static Builtin? Find(string name) => Table.Find(name);

    private static bool IsEqual(Call c) => Operators.AreEqual(c.Meter, c.Self, c[0]!);

    private static bool IsOrdered(Call c, string name) => Operators.IsOrdered(c.Meter, name, c.Self, c[0]!);

    private static bool Remainder(Call c, Value divisor) => !Arithmetic.Apply(c.Run, "%", c.Self, divisor).IsTrue;

    // Numbers and strings have no identity here: equal ones of the same type are the same.
    private static bool IsSame(Call c) => ReferenceEquals(c.Self, c[0])
        || (c.Self.Type == c[0]!.Type && c.Self is StringValue or IntValue or FloatValue && IsEqual(c));
}
