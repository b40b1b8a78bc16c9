using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>The evaluated arguments of a call.</summary>
/// <param name="Positional">In order.</param>
/// <param name="Named">By name, each once.</param>
internal sealed record Arguments(List<Value> Positional, List<KeyValuePair<string, Value>> Named)
{
    /// <summary>No arguments.</summary>
    public static Arguments None => new([], []);

    /// <summary>The named argument, taken out, or null.</summary>
    public Value? Take(string name)
    {
        int index = Named.FindIndex(n => n.Key == name);
        if (index < 0)
            return null;
        var value = Named[index].Value;
        Named.RemoveAt(index);
        return value;
    }
}
