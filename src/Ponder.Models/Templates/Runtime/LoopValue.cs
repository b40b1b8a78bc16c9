using Ponder.Models.Templates.Syntax;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>The variable <c>loop</c>; called, it runs a recursive loop over other items.</summary>
internal sealed class LoopValue(For statement, Value[] items, Scope scope, int depth) : CallableValue
{
    private Value[]? _lastChanged;

    /// <summary>The round, from 0.</summary>
    public int Index { get; set; }

    public override string Type => "LoopContext";

    /// <summary>An attribute, or null.</summary>
    public Value? Find(string name) => name switch
    {
        "index" => IntValue.Of(Index + 1),
        "index0" => IntValue.Of(Index),
        "revindex" => IntValue.Of(items.Length - Index),
        "revindex0" => IntValue.Of(items.Length - Index - 1),
        "first" => BoolValue.Of(Index == 0),
        "last" => BoolValue.Of(Index == items.Length - 1),
        "length" => IntValue.Of(items.Length),
        "depth" => IntValue.Of(depth + 1),
        "depth0" => IntValue.Of(depth),
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("there is no previous item"),
        "nextitem" => Index + 1 < items.Length ? items[Index + 1] : new UndefinedValue("there is no next item"),
        "cycle" => new FunctionValue(CycleMethod, this),
        "changed" => new FunctionValue(ChangedMethod, this),
        _ => null,
    };

    public override Value Invoke(Interpreter run, Arguments arguments)
    {
        if (!statement.IsRecursive)
            throw new TemplateFault("'loop' can be called in a recursive loop only");
        if (arguments is not { Positional: [var source], Named.Count: 0 })
            throw new TemplateFault("'loop' wants one argument");
        return run.Capture(() => run.Loop(statement, source, scope, depth + 1));
    }

    private static readonly Builtin CycleMethod = new("cycle", "*", c => c.Rest.Count > 0
        ? c.Rest[((LoopValue)c.Self).Index % c.Rest.Count]
        : throw new TemplateFault("'cycle' wants the items to cycle through"));

    private static readonly Builtin ChangedMethod = new("changed", "*", c => BoolValue.Of(((LoopValue)c.Self).Changed(c.Meter, [.. c.Rest])));

    private bool Changed(Meter meter, Value[] values)
    {
        bool same = _lastChanged is { } last && last.Length == values.Length
            && last.Zip(values).All(p => Operators.AreEqual(meter, p.First, p.Second));
        _lastChanged = values;
        return !same;
    }
}
