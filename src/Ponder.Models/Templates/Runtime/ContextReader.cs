using System.Collections;
using System.Globalization;
using System.Text.Json;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Turns the caller's variables into values of a template. Types are matched one by one: nothing is reflected on.</summary>
internal sealed class ContextReader(TemplateLimits limits)
{
    private int _depth;

    /// <summary>Size of what was read, by estimate.</summary>
    public long Bytes { get; private set; }

    /// <summary>The variables.</summary>
    /// <exception cref="TemplateFault">A value of them cannot be a template's.</exception>
    public Scope Read(object context)
    {
        var scope = new Scope(null);
        switch (context)
        {
            case JsonElement { ValueKind: JsonValueKind.Object } json:
                foreach (var member in json.EnumerateObject())
                    scope.Set(member.Name, Convert(member.Value));
                return scope;
            case IReadOnlyDictionary<string, object?> variables:
                foreach (var (name, value) in variables)
                    scope.Set(name, Convert(value));
                return scope;
            default:
                throw new TemplateFault("the context must be an object with the variables as its members");
        }
    }

    private Value Convert(object? value)
    {
        Bytes += 32;
        return value switch
        {
            null => NoneValue.Instance,
            string text => Text(text),
            bool flag => BoolValue.Of(flag),
            int or long or short or byte or sbyte or ushort or uint => IntValue.Of(System.Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            double or float or decimal => new FloatValue(System.Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            JsonElement json => Convert(json),
            ChatTurn turn => Nested(() => Turn(turn)),
            IReadOnlyDictionary<string, object?> dict => Nested(() => Dict(dict)),
            IDictionary<string, object?> dict => Nested(() => Dict(dict)),
            IEnumerable items => Nested(() => new ListValue([.. items.Cast<object?>().Select(Convert)])),
            _ => throw new TemplateFault($"the context holds a {value.GetType().Name}, which is no value of a template"),
        };
    }

    private Value Convert(JsonElement json)
    {
        Bytes += 32;
        switch (json.ValueKind)
        {
            case JsonValueKind.Null or JsonValueKind.Undefined: return NoneValue.Instance;
            case JsonValueKind.True: return BoolValue.True;
            case JsonValueKind.False: return BoolValue.False;
            case JsonValueKind.String: return Text(json);
            case JsonValueKind.Number: return Number(json);
            case JsonValueKind.Array: return Nested(() => new ListValue([.. json.EnumerateArray().Select(Convert)]));
            default: return Nested(() => Dict(json));
        }
    }

    private DictValue Dict(JsonElement json)
    {
        var items = DictValue.NewItems();
        foreach (var member in json.EnumerateObject())
            items[Text(member.Name)] = Convert(member.Value);
        return new DictValue(items);
    }

    private DictValue Dict(IEnumerable<KeyValuePair<string, object?>> members)
    {
        var items = DictValue.NewItems();
        foreach (var (name, value) in members)
            items[Text(name)] = Convert(value);
        return new DictValue(items);
    }

    private DictValue Turn(ChatTurn turn)
    {
        var items = DictValue.NewItems();
        items[new StringValue("role")] = Text(turn.Role);
        items[new StringValue("content")] = Convert(turn.Content);
        foreach (var (name, value) in turn.Fields)
            items[Text(name)] = Convert(value);
        return new DictValue(items);
    }

    private T Nested<T>(Func<T> read)
    {
        if (++_depth > limits.Depth || !System.Runtime.CompilerServices.RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault($"the context is nested deeper than {limits.Depth} levels");
        var value = read();
        _depth--;
        return value;
    }

    private StringValue Text(string text)
    {
        Bytes += text.Length * sizeof(char);
        return new StringValue(text);
    }

    private StringValue Text(JsonElement json)
    {
        try
        {
            return Text(json.GetString()!);
        }
        catch (InvalidOperationException)
        {
            throw new TemplateFault("the context holds a string with half a surrogate pair, which is no text");
        }
    }

    private static Value Number(JsonElement json)
    {
        if (json.TryGetInt64(out long whole) && !json.GetRawText().AsSpan().ContainsAny('.', 'e', 'E'))
            return IntValue.Of(whole);
        string raw = json.GetRawText();
        if (!raw.AsSpan().ContainsAny('.', 'e', 'E'))
            throw new TemplateFault($"the context holds the number {(raw.Length > 40 ? raw[..40] + "…" : raw)}, which does not fit in 64 bits");
        return new FloatValue(json.GetDouble());
    }
}
