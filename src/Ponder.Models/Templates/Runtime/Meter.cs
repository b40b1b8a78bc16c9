using System.Runtime.CompilerServices;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Counts what a rendering spends and ends it at the limits.</summary>
/// <param name="limits">The limits.</param>
/// <param name="contextBytes">Size of the context, which raises them.</param>
internal sealed class Meter(TemplateLimits limits, long contextBytes)
{
    private const int StepBytes = 32;       // what an expression allocates on average: a boxed number, an enumerator
    private const int CharactersPerStep = 64;

    private readonly long _maxSteps = limits.Steps + contextBytes / 8;
    private readonly long _maxBytes = limits.AllocatedBytes + contextBytes * 64;
    private long _steps;
    private long _bytes;
    private int _depth;

    /// <summary>The limits.</summary>
    public TemplateLimits Limits => limits;

    /// <summary>One more step.</summary>
    public void Step()
    {
        if (++_steps > _maxSteps)
            throw new TemplateFault($"the template takes more than {_maxSteps} steps");
        Allocate(StepBytes);
    }

    /// <summary>Steps for an operation that walks over so many characters.</summary>
    public void Scan(long characters)
    {
        _steps += characters / CharactersPerStep;
        Step();
    }

    /// <summary>Steps for a search; one for a long part may compare it at every place.</summary>
    public void Search(string text, string part) => Scan(text.Length * (1L + part.Length / 64));

    /// <summary>Steps for the hash of a key.</summary>
    public Value Hashed(Value key)
    {
        if (key is StringValue text)
            Scan(text.Text.Length);
        return key;
    }

    /// <summary>Notes that memory is about to be allocated.</summary>
    public void Allocate(long bytes)
    {
        _bytes += bytes;
        if (_bytes > _maxBytes)
            throw new TemplateFault($"the template allocates more than {_maxBytes} bytes");
    }

    /// <summary>Enters one more level of nesting, which must not exhaust the stack.</summary>
    public void Enter()
    {
        if (++_depth > limits.Depth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateFault($"the template nests calls and expressions deeper than {limits.Depth} levels");
    }

    /// <summary>Leaves the level.</summary>
    public void Leave() => _depth--;

    /// <summary>Checks the length of a string before it is made, and notes its memory.</summary>
    public void Text(long length)
    {
        if (length > limits.StringLength)
            throw new TemplateFault($"the template makes a string of more than {limits.StringLength} characters");
        Allocate(length * sizeof(char) + 64);
    }

    /// <summary>A string as a value; its memory is noted.</summary>
    public StringValue String(string text)
    {
        Text(text.Length);
        return new StringValue(text);
    }

    /// <summary>Checks the length of a collection before it is made, and notes its memory.</summary>
    public void Items(long count)
    {
        if (count > limits.CollectionLength)
            throw new TemplateFault($"the template makes a collection of more than {limits.CollectionLength} items");
        Allocate(count * 24 + 64);
    }

    /// <summary>A list; its memory is noted.</summary>
    public ListValue List(Value[] items)
    {
        Items(items.Length);
        return Nested(new ListValue(items));
    }

    /// <summary>A list; its memory is noted.</summary>
    public ListValue ListOf(List<Value> items) => List(items.ToArray());

    /// <summary>A tuple; its memory is noted.</summary>
    public TupleValue Tuple(params Value[] items)
    {
        Items(items.Length);
        return Nested(new TupleValue(items));
    }

    /// <summary>A dictionary; its memory is noted.</summary>
    public DictValue Dict(OrderedDictionary<Value, Value> items)
    {
        Items(items.Count);
        Allocate(items.Count * 72L);
        return Nested(new DictValue(items));
    }

    /// <summary>Checks how deep a collection nests, so that walks over it may recurse.</summary>
    public T Nested<T>(T value) where T : Value => value.Depth <= limits.Depth
        ? value
        : throw new TemplateFault($"the template nests lists and dictionaries deeper than {limits.Depth} levels");
}
