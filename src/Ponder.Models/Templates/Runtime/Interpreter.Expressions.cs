using Ponder.Models.Templates.Syntax;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

internal sealed partial class Interpreter
{
    /// <summary>Calls a value.</summary>
    public Value Invoke(Value callee, Arguments arguments) => callee switch
    {
        CallableValue callable => callable.Invoke(this, arguments),
        UndefinedValue u => throw new TemplateFault(u.Reason),
        _ => throw new TemplateFault($"a value of type {callee.Type} cannot be called"),
    };

    /// <summary>Applies a filter of a template-given name.</summary>
    public Value ApplyFilter(string name, Value subject, Arguments arguments) =>
        (Filters.Find(name) ?? throw new TemplateFault($"the filter '{name}' is not known")).Invoke(this, subject, arguments);

    /// <summary>Applies a test of a template-given name.</summary>
    public bool ApplyTest(string name, Value subject, Arguments arguments) =>
        (Tests.Find(name) ?? throw new TemplateFault($"the test '{name}' is not known")).Invoke(this, subject, arguments).IsTrue;

    private Value Evaluate(Expression expression, Scope scope)
    {
        Meter.Step();
        switch (expression)
        {
            case Literal literal: return literal.Value;
            case Name name: return Lookup(name.Identifier, scope);
        }
        Meter.Enter();
        var value = expression switch
        {
            Member member => Get(member, scope),
            Item item => Get(item, scope),
            Slice slice => Get(slice, scope),
            CallExpression call => Invoke(call, scope),
            FilterExpression filter => ApplyFilter(filter, Evaluate(filter.Subject!, scope), scope),
            TestExpression test => Apply(test, scope),
            Binary binary => Apply(binary, scope),
            Concat concat => Apply(concat, scope),
            Logical logical => Apply(logical, scope),
            Not not => BoolValue.Of(!Evaluate(not.Operand, scope).IsTrue),
            Sign sign => Apply(sign, scope),
            Comparison comparison => Apply(comparison, scope),
            Conditional conditional => Apply(conditional, scope),
            ListLiteral list => Meter.List(Evaluate(list.Items, scope)),
            TupleLiteral tuple => Meter.Tuple(Evaluate(tuple.Items, scope)),
            DictLiteral dict => Make(dict, scope),
            _ => throw new TemplateFault("the expression is not supported"),
        };
        Meter.Leave();
        return value;
    }

    private static Value Lookup(string name, Scope scope) => scope.Find(name) ?? Globals.Find(name) ?? new UndefinedValue($"'{name}' is undefined");

    private Value[] Evaluate(Expression[] expressions, Scope scope)
    {
        var values = new Value[expressions.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = Evaluate(expressions[i], scope);
        return values;
    }

    private Arguments Evaluate(ArgumentList list, Scope scope)
    {
        var arguments = Arguments.None;
        foreach (var argument in list.Positional)
            arguments.Positional.Add(Evaluate(argument, scope));
        if (list.Rest is not null)
            arguments.Positional.AddRange(Iteration.Items(Meter, Evaluate(list.Rest, scope)));
        foreach (var (name, argument) in list.Named)
            arguments.Named.Add(new(name, Evaluate(argument, scope)));
        if (list.NamedRest is not null)
            AddNamed(arguments, Evaluate(list.NamedRest, scope));
        Meter.Allocate(128 + arguments.Positional.Count * 16L + arguments.Named.Count * 32L);
        return arguments;
    }

    private void AddNamed(Arguments arguments, Value value)
    {
        if (value is not DictValue dict)
            throw new TemplateFault($"'**' wants a dictionary, not a value of type {value.Type}");
        foreach (var (key, argument) in dict.Items)
        {
            Meter.Scan(arguments.Named.Count * 8L);
            if (key is not StringValue name || arguments.Named.Exists(n => n.Key == name.Text))
                throw new TemplateFault("'**' gives an argument twice or one whose name is no string");
            arguments.Named.Add(new(name.Text, argument));
        }
    }

    private Value Get(Member member, Scope scope)
    {
        var subject = Evaluate(member.Subject, scope);
        At = member.At;
        return Access.Member(subject, member.Attribute);
    }

    private Value Get(Item item, Scope scope)
    {
        var subject = Evaluate(item.Subject, scope);
        var key = Evaluate(item.Key, scope);
        At = item.At;
        return Access.Item(Meter, subject, key);
    }

    private Value Get(Slice slice, Scope scope)
    {
        var subject = Evaluate(slice.Subject, scope);
        var start = slice.Start is null ? null : Evaluate(slice.Start, scope);
        var stop = slice.Stop is null ? null : Evaluate(slice.Stop, scope);
        var step = slice.Step is null ? null : Evaluate(slice.Step, scope);
        At = slice.At;
        return Access.Slice(Meter, subject, start, stop, step);
    }

    private Value Invoke(CallExpression call, Scope scope)
    {
        var callee = Evaluate(call.Callee, scope);
        var arguments = Evaluate(call.Arguments, scope);
        At = call.At;
        return Invoke(callee, arguments);
    }

    private Value ApplyFilter(FilterExpression filter, Value subject, Scope scope)
    {
        var arguments = Evaluate(filter.Arguments, scope);
        At = filter.At;
        return ApplyFilter(filter.Filter, subject, arguments);
    }

    private BoolValue Apply(TestExpression test, Scope scope)
    {
        var subject = Evaluate(test.Subject, scope);
        var arguments = Evaluate(test.Arguments, scope);
        At = test.At;
        return BoolValue.Of(ApplyTest(test.Test, subject, arguments));
    }

    private Value Apply(Binary binary, Scope scope)
    {
        var left = Evaluate(binary.Left, scope);
        var right = Evaluate(binary.Right, scope);
        At = binary.At;
        return Arithmetic.Apply(this, binary.Operator, left, right);
    }

    private StringValue Apply(Concat concat, Scope scope)
    {
        var text = TextBuffer.ForString(Meter);
        foreach (var part in concat.Parts)
            text.Append(Printer.Text(Evaluate(part, scope)));
        return new StringValue(text.ToString());
    }

    private Value Apply(Logical logical, Scope scope)
    {
        var left = Evaluate(logical.Left, scope);
        return left.IsTrue == logical.IsAnd ? Evaluate(logical.Right, scope) : left;
    }

    private Value Apply(Sign sign, Scope scope)
    {
        var value = Evaluate(sign.Operand, scope);
        At = sign.At;
        if (sign.IsMinus)
            return Arithmetic.Negate(value);
        return value is FloatValue ? value : IntValue.Of(Arithmetic.Whole(value)
            ?? throw new TemplateFault(Operators.Undefined(value) ?? $"'+' has no meaning before a value of type {value.Type}"));
    }

    private BoolValue Apply(Comparison comparison, Scope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (name, operand) in comparison.Rest)
        {
            var right = Evaluate(operand, scope);
            At = comparison.At;
            bool holds = name switch
            {
                "==" => Operators.AreEqual(Meter, left, right),
                "!=" => !Operators.AreEqual(Meter, left, right),
                "in" => Operators.Contains(this, right, left),
                "not in" => !Operators.Contains(this, right, left),
                _ => Operators.IsOrdered(Meter, name, left, right),
            };
            if (!holds)
                return BoolValue.False;
            left = right;
        }
        return BoolValue.True;
    }

    private Value Apply(Conditional conditional, Scope scope)
    {
        if (Evaluate(conditional.Condition, scope).IsTrue)
            return Evaluate(conditional.Then, scope);
        return conditional.Otherwise is null
            ? new UndefinedValue("the inline 'if' is false and has no 'else'")
            : Evaluate(conditional.Otherwise, scope);
    }

    private DictValue Make(DictLiteral literal, Scope scope)
    {
        var items = DictValue.NewItems(literal.Items.Length);
        foreach (var (key, value) in literal.Items)
            items[Iteration.Key(Meter, Evaluate(key, scope))] = Evaluate(value, scope);
        return Meter.Dict(items);
    }
}
