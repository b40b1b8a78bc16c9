using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Variables of a template, a loop's round or a macro's call, within those around it.</summary>
/// <param name="outer">The variables around it.</param>
internal sealed class Scope(Scope? outer)
{
    private Dictionary<string, Value>? _variables;

    /// <summary>The variable's value, or null.</summary>
    public Value? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._variables is not null && scope._variables.TryGetValue(name, out var value))
                return value;
        }
        return null;
    }

    /// <summary>Sets a variable here; one of the same name further out keeps its value.</summary>
    public void Set(string name, Value value) => (_variables ??= new(StringComparer.Ordinal))[name] = value;

    private Scope? Outer => outer;
}
