using System.Collections;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>A filter, a test, a method or a function of Ponder's own.</summary>
internal sealed class Builtin
{
    private const int CallBytes = 256;      // the call with its arrays

    private readonly string[] _parameters;
    private readonly int _required;
    private readonly bool _takesRest;
    private readonly bool _takesNamed;
    private readonly Func<Call, Value> _body;

    /// <summary>Defines it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="signature">
    /// Parameters with blanks between them: <c>name</c>, <c>name?</c> when it may be left out, <c>*</c> for any more, <c>**</c> for any more by name.
    /// </param>
    /// <param name="body">What it does.</param>
    public Builtin(string name, string signature, Func<Call, Value> body)
    {
        Name = name;
        var parameters = signature.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        _takesRest = parameters.Contains("*");
        _takesNamed = parameters.Contains("**");
        _parameters = [.. parameters.Where(p => p[0] != '*').Select(p => p.TrimEnd('?'))];
        _required = parameters.Count(p => p[0] != '*' && p[^1] != '?');
        _body = body;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Binds the arguments to the parameters and runs it.</summary>
    /// <param name="run">The rendering.</param>
    /// <param name="self">The value that is filtered or tested, or whose method it is.</param>
    /// <param name="arguments">The arguments.</param>
    /// <exception cref="TemplateFault">The arguments do not fit.</exception>
    public Value Invoke(Interpreter run, Value? self, Arguments arguments)
    {
        run.Meter.Step();
        run.Meter.Allocate(CallBytes);
        var bound = new Value?[_parameters.Length];
        int given = Math.Min(arguments.Positional.Count, bound.Length);
        for (int i = 0; i < given; i++)
            bound[i] = arguments.Positional[i];
        if (arguments.Positional.Count > bound.Length && !_takesRest)
            throw new TemplateFault($"'{Name}' takes at most {bound.Length} arguments but gets {arguments.Positional.Count}");

        var named = new List<KeyValuePair<string, Value>>();
        foreach (var argument in arguments.Named)
        {
            int index = Array.IndexOf(_parameters, argument.Key);
            if (index >= 0 && bound[index] is null)
                bound[index] = argument.Value;
            else if (index < 0 && _takesNamed)
                named.Add(argument);
            else
                throw new TemplateFault($"'{Name}' {(index < 0 ? "has no argument" : "gets twice the argument")} '{argument.Key}'");
        }
        int missing = Array.IndexOf(bound, null, 0, _required);
        if (missing >= 0)
            throw new TemplateFault($"'{Name}' wants the argument '{_parameters[missing]}'");
        var rest = arguments.Positional.GetRange(given, arguments.Positional.Count - given);
        return _body(new Call(run, Name, self ?? NoneValue.Instance, bound, _parameters, rest, named));
    }
}

/// <summary>A call of a <see cref="Builtin"/> with its arguments in the order of the parameters.</summary>
internal sealed class Call(
    Interpreter run, string name, Value self, Value?[] bound, string[] parameters, List<Value> rest, List<KeyValuePair<string, Value>> named)
{
    /// <summary>The rendering.</summary>
    public Interpreter Run => run;

    /// <summary>What the rendering spends.</summary>
    public Meter Meter => run.Meter;

    /// <summary>The value that is filtered or tested, or whose method it is.</summary>
    public Value Self => self;

    /// <summary>The text of the value; the walk over it is counted.</summary>
    public string SelfText
    {
        get
        {
            string text = run.Printer.Text(self);
            Meter.Scan(text.Length);
            return text;
        }
    }

    /// <summary>Positional arguments past the parameters.</summary>
    public List<Value> Rest => rest;

    /// <summary>Named arguments that are no parameters.</summary>
    public List<KeyValuePair<string, Value>> Named => named;

    /// <summary>An argument, or null where it was left out or the signature ends before it.</summary>
    public Value? this[int index] => index < bound.Length ? bound[index] : null;

    /// <summary>True where the argument was given and is not None.</summary>
    public bool Has(int index) => this[index] is not (null or NoneValue);

    /// <summary>An argument that is a string.</summary>
    public string Text(int index, string? otherwise = null) => this[index] switch
    {
        StringValue s => s.Text,
        null when otherwise is not null => otherwise,
        var value => throw Wrong(index, "a string", value),
    };

    /// <summary>An argument that is a whole number.</summary>
    public long Whole(int index, long otherwise = 0) => this[index] switch
    {
        null => otherwise,
        var value => Arithmetic.Whole(value) ?? throw Wrong(index, "a whole number", value),
    };

    /// <summary>The truth of an argument.</summary>
    public bool Flag(int index, bool otherwise = false) => this[index]?.IsTrue ?? otherwise;

    /// <summary>The error for an argument of the wrong type.</summary>
    public TemplateFault Wrong(int index, string wanted, Value? value) =>
        new($"the argument '{parameters[index]}' of '{name}' wants {wanted}, not {Describe(value ?? NoneValue.Instance)}");

    /// <summary>The error for a subject of the wrong type.</summary>
    public TemplateFault Unfit(string wanted) =>
        new($"'{name}' wants {wanted}, not {Describe(self)}");

    private static string Describe(Value value) =>
        value is UndefinedValue u ? $"an undefined value: {u.Reason}" : $"a value of type {value.Type}";

    /// <summary>A string as the result.</summary>
    public StringValue Result(string text) => Meter.String(text);
}

/// <summary>A table of builtins, one entry a line.</summary>
internal sealed class BuiltinTable : IEnumerable<Builtin>
{
    private readonly Dictionary<string, Builtin> _entries = new(StringComparer.Ordinal);

    /// <summary>Adds an entry.</summary>
    public void Add(string name, string signature, Func<Call, Value> body) => _entries.Add(name, new Builtin(name, signature, body));

    /// <summary>Adds an entry that is true or false.</summary>
    public void Add(string name, string signature, Predicate<Call> body) => Add(name, signature, (Func<Call, Value>)(c => BoolValue.Of(body(c))));

    /// <summary>The entry of this name, or null.</summary>
    public Builtin? Find(string name) => _entries.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IEnumerator<Builtin> GetEnumerator() => _entries.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
