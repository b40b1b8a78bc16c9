using Ponder.Models.Templates.Runtime;
using Ponder.Models.Templates.Syntax;

namespace Ponder.Models.Templates.Values;

/// <summary><c>namespace(…)</c>: the one thing that a template can change.</summary>
internal sealed class NamespaceValue : Value
{
    /// <summary>The attributes in the order of insertion.</summary>
    public OrderedDictionary<string, Value> Attributes { get; } = new(StringComparer.Ordinal);

    public override string Type => "Namespace";
}

/// <summary>Something that can be called.</summary>
internal abstract class CallableValue : Value
{
    /// <summary>Calls it.</summary>
    public abstract Value Invoke(Interpreter run, Arguments arguments);
}

/// <summary>A function or a method of Ponder's own.</summary>
/// <param name="builtin">What it does.</param>
/// <param name="self">Whose method it is.</param>
internal sealed class FunctionValue(Builtin builtin, Value? self = null) : CallableValue
{
    public override string Type => "function";

    public override Value Invoke(Interpreter run, Arguments arguments) => builtin.Invoke(run, self, arguments);
}

/// <summary>A macro with the variables around its definition.</summary>
/// <param name="body">The macro.</param>
/// <param name="scope">Where it was defined.</param>
internal sealed class MacroValue(MacroBody body, Scope scope) : CallableValue
{
    /// <summary>The macro.</summary>
    public MacroBody Body { get; } = body;

    /// <summary>Where it was defined.</summary>
    public Scope Scope { get; } = scope;

    public override string Type => "Macro";

    public override Value Invoke(Interpreter run, Arguments arguments) => run.InvokeMacro(this, arguments);
}
