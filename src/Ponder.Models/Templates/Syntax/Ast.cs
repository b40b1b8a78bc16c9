using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Syntax;

/// <summary>A part of a template.</summary>
/// <param name="At">Where it begins in the source, in UTF-16 units.</param>
internal abstract record Node(int At);

/// <summary>Something with a value.</summary>
internal abstract record Expression(int At) : Node(At);

/// <summary>A constant.</summary>
internal sealed record Literal(int At, Value Value) : Expression(At);

/// <summary>A variable.</summary>
internal sealed record Name(int At, string Identifier) : Expression(At);

/// <summary><c>[a, b]</c></summary>
internal sealed record ListLiteral(int At, Expression[] Items) : Expression(At);

/// <summary><c>(a, b)</c>, or <c>a, b</c> where that is allowed.</summary>
internal sealed record TupleLiteral(int At, Expression[] Items) : Expression(At);

/// <summary><c>{k: v}</c></summary>
internal sealed record DictLiteral(int At, (Expression Key, Expression Value)[] Items) : Expression(At);

/// <summary><c>subject.attribute</c>: a method before an item.</summary>
internal sealed record Member(int At, Expression Subject, string Attribute) : Expression(At);

/// <summary><c>subject[key]</c>: an item before a method.</summary>
internal sealed record Item(int At, Expression Subject, Expression Key) : Expression(At);

/// <summary><c>subject[start:stop:step]</c></summary>
internal sealed record Slice(int At, Expression Subject, Expression? Start, Expression? Stop, Expression? Step) : Expression(At);

/// <summary><c>callee(arguments)</c></summary>
internal sealed record CallExpression(int At, Expression Callee, ArgumentList Arguments) : Expression(At);

/// <summary><c>subject | filter(arguments)</c>; no subject in a block that is filtered.</summary>
internal sealed record FilterExpression(int At, Expression? Subject, string Filter, ArgumentList Arguments) : Expression(At);

/// <summary><c>subject is test(arguments)</c></summary>
internal sealed record TestExpression(int At, Expression Subject, string Test, ArgumentList Arguments) : Expression(At);

/// <summary>Arithmetic.</summary>
internal sealed record Binary(int At, string Operator, Expression Left, Expression Right) : Expression(At);

/// <summary><c>a ~ b ~ c</c></summary>
internal sealed record Concat(int At, Expression[] Parts) : Expression(At);

/// <summary><c>and</c>, <c>or</c>: the value is one of the operands.</summary>
internal sealed record Logical(int At, bool IsAnd, Expression Left, Expression Right) : Expression(At);

/// <summary><c>not</c></summary>
internal sealed record Not(int At, Expression Operand) : Expression(At);

/// <summary><c>-a</c>, <c>+a</c></summary>
internal sealed record Sign(int At, bool IsMinus, Expression Operand) : Expression(At);

/// <summary><c>a &lt; b &lt;= c</c>, <c>a in b</c>, <c>a not in b</c>: each operand is evaluated once, the first false ends it.</summary>
internal sealed record Comparison(int At, Expression First, (string Operator, Expression Operand)[] Rest) : Expression(At);

/// <summary><c>then if condition else otherwise</c>; undefined where there is no <c>else</c>.</summary>
internal sealed record Conditional(int At, Expression Condition, Expression Then, Expression? Otherwise) : Expression(At);

/// <summary>The arguments of a call.</summary>
/// <param name="Positional">In order.</param>
/// <param name="Named">By name.</param>
/// <param name="Rest"><c>*list</c></param>
/// <param name="NamedRest"><c>**dictionary</c></param>
internal sealed record ArgumentList(Expression[] Positional, (string Name, Expression Value)[] Named, Expression? Rest, Expression? NamedRest)
{
    /// <summary>No arguments.</summary>
    public static ArgumentList None { get; } = new([], [], null, null);
}

/// <summary>Something that is done.</summary>
internal abstract record Statement(int At) : Node(At);

/// <summary>Text that is printed as it is.</summary>
internal sealed record Data(int At, string Text) : Statement(At);

/// <summary><c>{{ value }}</c></summary>
internal sealed record Output(int At, Expression Value) : Statement(At);

/// <summary><c>{% do value %}</c></summary>
internal sealed record Do(int At, Expression Value) : Statement(At);

/// <summary><c>{% if %}</c> with its <c>elif</c> branches.</summary>
internal sealed record If(int At, (Expression Condition, Statement[] Body)[] Branches, Statement[] Otherwise) : Statement(At);

/// <summary><c>{% for target in source if condition recursive %}</c></summary>
internal sealed record For(
    int At, Target Target, Expression Source, Expression? Condition, bool IsRecursive, Statement[] Body, Statement[] Otherwise) : Statement(At);

/// <summary><c>{% break %}</c>, <c>{% continue %}</c></summary>
internal sealed record Jump(int At, bool IsBreak) : Statement(At);

/// <summary><c>{% set target = value %}</c></summary>
internal sealed record Set(int At, Target Target, Expression Value) : Statement(At);

/// <summary><c>{% set target | filter %}…{% endset %}</c></summary>
internal sealed record SetBlock(int At, Target Target, FilterExpression[] Filters, Statement[] Body) : Statement(At);

/// <summary><c>{% with a = 1 %}…{% endwith %}</c></summary>
internal sealed record With(int At, (Target Target, Expression Value)[] Values, Statement[] Body) : Statement(At);

/// <summary><c>{% filter name %}…{% endfilter %}</c></summary>
internal sealed record FilterBlock(int At, FilterExpression[] Filters, Statement[] Body) : Statement(At);

/// <summary><c>{% generation %}…{% endgeneration %}</c>: what the assistant says.</summary>
internal sealed record Generation(int At, Statement[] Body) : Statement(At);

/// <summary><c>{% macro name(parameters) %}</c></summary>
internal sealed record MacroStatement(int At, MacroBody Macro) : Statement(At);

/// <summary><c>{% call(parameters) macro(arguments) %}…{% endcall %}</c></summary>
internal sealed record CallBlock(int At, CallExpression Call, MacroBody Caller) : Statement(At);

/// <summary>What a macro and the body of a call block share.</summary>
/// <param name="Name">The macro's name, <c>caller</c> for a call block.</param>
/// <param name="Parameters">Names with their defaults.</param>
/// <param name="Body">The statements.</param>
/// <param name="TakesRest">The body reads <c>varargs</c>, so more positional arguments are welcome.</param>
/// <param name="TakesNamedRest">The body reads <c>kwargs</c>.</param>
/// <param name="TakesCaller">The body reads <c>caller</c>.</param>
internal sealed record MacroBody(
    string Name, (string Name, Expression? Default)[] Parameters, Statement[] Body, bool TakesRest, bool TakesNamedRest, bool TakesCaller);

/// <summary>What an assignment writes to.</summary>
internal abstract record Target(int At) : Node(At);

/// <summary>A variable.</summary>
internal sealed record NameTarget(int At, string Identifier) : Target(At);

/// <summary>An attribute of a namespace.</summary>
internal sealed record AttributeTarget(int At, string Namespace, string Attribute) : Target(At);

/// <summary>Several targets that share the items of one value.</summary>
internal sealed record TupleTarget(int At, Target[] Items) : Target(At);
