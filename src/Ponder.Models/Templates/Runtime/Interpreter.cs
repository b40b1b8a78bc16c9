using Ponder.Models.Templates.Syntax;
using Ponder.Models.Templates.Values;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Runs the statements of one rendering.</summary>
internal sealed partial class Interpreter
{
    private const int ScopeBytes = 320;     // a scope with a small table

    private readonly List<Range> _generated = [];
    private readonly TextBuffer _root;
    private TextBuffer _output;

    /// <summary>Prepares a rendering.</summary>
    public Interpreter(TemplateOptions options, long contextBytes)
    {
        Options = options;
        Meter = new Meter(options.Limits, contextBytes);
        Printer = new Printer(Meter, options.Dialect);
        _output = _root = new TextBuffer(Meter, options.Limits.OutputLength, "prints a text");
    }

    private enum Flow { Next, Break, Continue }

    /// <summary>How it is rendered.</summary>
    public TemplateOptions Options { get; }

    /// <summary>Whose way to print values is followed.</summary>
    public TemplateDialect Dialect => Options.Dialect;

    /// <summary>What it spends.</summary>
    public Meter Meter { get; }

    /// <summary>Values as text.</summary>
    public Printer Printer { get; }

    /// <summary>Where the statement or expression at work begins in the source: the place of an error.</summary>
    public int At { get; private set; }

    /// <summary>What <c>generation</c> blocks printed, as ranges of the output.</summary>
    public IReadOnlyList<Range> Generated => _generated;

    /// <summary>A generation block printed into a string, where its place in the output cannot be known.</summary>
    public bool HasHiddenGeneration { get; private set; }

    /// <summary>Runs a template and returns what it prints.</summary>
    public string Render(Statement[] body, Scope context)
    {
        Execute(body, new Scope(context));
        return _root.ToString();
    }

    /// <summary>Runs a part of a template and returns what it prints as a string.</summary>
    public StringValue Capture(Action body)
    {
        var outer = _output;
        Meter.Allocate(128);
        _output = TextBuffer.ForString(Meter);
        body();
        var text = new StringValue(_output.ToString());
        _output = outer;
        return text;
    }

    /// <summary>Runs a loop over a value.</summary>
    public void Loop(For statement, Value source, Scope scope, int depth)
    {
        var items = Iteration.Items(Meter, source);
        if (statement.Condition is { } condition)
            items = Filtered(statement.Target, condition, items, scope);
        if (items.Length == 0)
        {
            Execute(statement.Otherwise, Inner(scope));
            return;
        }
        var loop = new LoopValue(statement, items, scope, depth);
        for (int i = 0; i < items.Length; i++)
        {
            Meter.Step();
            loop.Index = i;
            var round = Inner(scope);
            round.Set("loop", loop);
            Assign(statement.Target, items[i], round);
            if (Execute(statement.Body, round) == Flow.Break)
                break;
        }
    }

    /// <summary>Calls a macro, or the body of a call block.</summary>
    public Value InvokeMacro(MacroValue macro, Arguments arguments)
    {
        Meter.Enter();
        var scope = Inner(macro.Scope);
        BindParameters(macro.Body, arguments, scope);
        var text = Capture(() => Execute(macro.Body.Body, scope));
        Meter.Leave();
        return text;
    }

    private Scope Inner(Scope scope)
    {
        Meter.Allocate(ScopeBytes);
        return new Scope(scope);
    }

    private Flow Execute(Statement[] body, Scope scope)
    {
        foreach (var statement in body)
        {
            if (Execute(statement, scope) is var flow and not Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    private Flow Execute(Statement statement, Scope scope)
    {
        At = statement.At;
        Meter.Step();
        switch (statement)
        {
            case Data data: _output.Append(data.Text); return Flow.Next;
            case Output output: _output.Append(Printer.Text(Evaluate(output.Value, scope))); return Flow.Next;
            case Set set: Assign(set.Target, Evaluate(set.Value, scope), scope); return Flow.Next;
            case Do @do: Evaluate(@do.Value, scope); return Flow.Next;
            case Jump jump: return jump.IsBreak ? Flow.Break : Flow.Continue;
            case MacroStatement macro: scope.Set(macro.Macro.Name, new MacroValue(macro.Macro, scope)); return Flow.Next;
        }
        Meter.Enter();
        var flow = Flow.Next;
        switch (statement)
        {
            case If branches: flow = Branch(branches, scope); break;
            case For loop: Loop(loop, Evaluate(loop.Source, scope), scope, 0); break;
            case With with: flow = Execute(with, scope); break;
            case SetBlock block: Assign(block.Target, Filtered(block.Filters, block.Body, scope), scope); break;
            case FilterBlock block: _output.Append(Printer.Text(Filtered(block.Filters, block.Body, scope))); break;
            case CallBlock block: Call(block, scope); break;
            case Generation generation: Generate(generation, scope); break;
        }
        Meter.Leave();
        return flow;
    }

    private Flow Branch(If statement, Scope scope)
    {
        foreach (var (condition, body) in statement.Branches)
        {
            if (Evaluate(condition, scope).IsTrue)
                return Execute(body, scope);
        }
        return Execute(statement.Otherwise, scope);
    }

    private Flow Execute(With with, Scope scope)
    {
        var inner = Inner(scope);
        foreach (var (target, value) in with.Values)
            Assign(target, Evaluate(value, scope), inner);
        return Execute(with.Body, inner);
    }

    private Value Filtered(FilterExpression[] filters, Statement[] body, Scope scope)
    {
        Value value = Capture(() => Execute(body, Inner(scope)));
        foreach (var filter in filters)
            value = ApplyFilter(filter, value, scope);
        return value;
    }

    private void Call(CallBlock block, Scope scope)
    {
        var callee = Evaluate(block.Call.Callee, scope);
        var arguments = Evaluate(block.Call.Arguments, scope);
        arguments.Named.Add(new("caller", new MacroValue(block.Caller, scope)));
        At = block.At;
        _output.Append(Printer.Text(Invoke(callee, arguments)));
    }

    private void Generate(Generation generation, Scope scope)
    {
        int start = _output.Length;
        Execute(generation.Body, Inner(scope));
        if (ReferenceEquals(_output, _root))
            _generated.Add(start.._output.Length);
        else
            HasHiddenGeneration = true;
    }

    private Value[] Filtered(Target target, Expression condition, Value[] items, Scope scope)
    {
        var kept = new List<Value>();
        foreach (var item in items)
        {
            var round = Inner(scope);
            Assign(target, item, round);
            if (Evaluate(condition, round).IsTrue)
                kept.Add(item);
        }
        Meter.Allocate(kept.Count * 24L);
        return [.. kept];
    }

    private void Assign(Target target, Value value, Scope scope)
    {
        switch (target)
        {
            case NameTarget name:
                scope.Set(name.Identifier, value);
                break;
            case AttributeTarget attribute:
                At = attribute.At;
                if (Lookup(attribute.Namespace, scope) is not NamespaceValue owner)
                    throw new TemplateFault($"'{attribute.Namespace}' is no namespace, so its attributes cannot be set");
                owner.Attributes[attribute.Attribute] = value;
                break;
            case TupleTarget tuple:
                var items = Iteration.Items(Meter, value);
                if (items.Length != tuple.Items.Length)
                {
                    At = tuple.At;
                    throw new TemplateFault($"{tuple.Items.Length} targets cannot share {items.Length} items");
                }
                for (int i = 0; i < items.Length; i++)
                    Assign(tuple.Items[i], items[i], scope);
                break;
        }
    }

    private void BindParameters(MacroBody macro, Arguments arguments, Scope scope)
    {
        Meter.Allocate(128);
        var positional = arguments.Positional;
        if (arguments.Take("caller") is { } caller)
            scope.Set("caller", macro.TakesCaller || macro.Parameters.Any(p => p.Name == "caller")
                ? caller
                : throw new TemplateFault($"the macro '{macro.Name}' is called with a body but does not use 'caller'"));
        else if (macro.TakesCaller)
            scope.Set("caller", new UndefinedValue($"the macro '{macro.Name}' is called without a body"));
        for (int i = 0; i < macro.Parameters.Length; i++)
        {
            var (name, otherwise) = macro.Parameters[i];
            if (name == "caller" && scope.Find(name) is not null)
                continue;
            var named = arguments.Take(name);
            if (named is not null && i < positional.Count)
                throw new TemplateFault($"the macro '{macro.Name}' gets twice the argument '{name}'");
            scope.Set(name, i < positional.Count ? positional[i] : named
                ?? (otherwise is null
                    ? new UndefinedValue($"the parameter '{name}' of '{macro.Name}' was not provided")
                    : Evaluate(otherwise, scope)));
        }
        BindRest(macro, positional.Skip(macro.Parameters.Length), arguments.Named, scope);
    }

    private void BindRest(MacroBody macro, IEnumerable<Value> rest, List<KeyValuePair<string, Value>> named, Scope scope)
    {
        if (macro.TakesRest)
            scope.Set("varargs", Meter.Tuple([.. rest]));
        else if (rest.Any())
            throw new TemplateFault($"the macro '{macro.Name}' takes at most {macro.Parameters.Length} arguments");
        if (!macro.TakesNamedRest)
        {
            if (named.Count > 0)
                throw new TemplateFault($"the macro '{macro.Name}' has no parameter '{named[0].Key}'");
            return;
        }
        var items = DictValue.NewItems(named.Count);
        foreach (var (name, value) in named)
            items[new StringValue(name)] = value;
        scope.Set("kwargs", Meter.Dict(items));
    }
}
