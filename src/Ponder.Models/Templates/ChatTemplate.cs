using System.Text.Json;
using Ponder.Models.Templates.Runtime;
using Ponder.Models.Templates.Syntax;

namespace Ponder.Models.Templates;

/// <summary>
/// A chat template: the Jinja that models ship, run as it is. Templates come with downloaded files and are not trusted: they reach nothing
/// but their context and a few functions, and what they spend is limited. Immutable and thread-safe.
/// </summary>
public sealed class ChatTemplate
{
    private readonly Statement[] _body;
    private readonly string _normalised;

    private ChatTemplate(string source, string normalised, string name, Statement[] body)
    {
        Source = source;
        _normalised = normalised;
        Name = name;
        _body = body;
    }

    /// <summary>What error messages call it.</summary>
    public string Name { get; }

    /// <summary>The source as it was given.</summary>
    public string Source { get; }

    /// <summary>
    /// Reads a template. White space is treated as chat templates are rendered everywhere: trim_blocks and lstrip_blocks on, one newline at
    /// the end dropped.
    /// </summary>
    /// <param name="source">The Jinja source.</param>
    /// <param name="name">What error messages call it: the file, or the key it comes from.</param>
    /// <param name="limits">Length of the source and depth of nesting.</param>
    /// <exception cref="TemplateException">The source is not a template, uses what is not supported, or passes a limit.</exception>
    public static ChatTemplate Parse(string source, string name = "chat template", TemplateLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(name);
        limits ??= TemplateLimits.Default;
        if (source.Length > limits.SourceLength)
            throw new TemplateException(name, 0, 0, $"the source has {source.Length} characters, more than the limit of {limits.SourceLength}");
        string normalised = Lexer.Normalise(source);
        try
        {
            return new ChatTemplate(source, normalised, name, Parser.Parse(normalised, limits.Depth));
        }
        catch (SyntaxFault fault)
        {
            var (line, column) = Place(normalised, fault.At);
            throw new TemplateException(name, line, column, fault.Message);
        }
    }

    /// <summary>Renders the template with the members of a JSON object as variables.</summary>
    /// <param name="context">A JSON object.</param>
    /// <param name="options">Limits, clock, dialect.</param>
    /// <exception cref="TemplateException">
    /// The template fails, raises an exception of its own, or passes a limit; or the context cannot be a template's value.
    /// </exception>
    public string Render(JsonElement context, TemplateOptions? options = null) => RenderWithRanges(context, options).Text;

    /// <summary>Renders the template with these variables.</summary>
    /// <param name="context">
    /// By name: null, strings, booleans, numbers, <see cref="JsonElement"/>, <see cref="ChatTurn"/>, dictionaries with string keys, and
    /// sequences of these.
    /// </param>
    /// <param name="options">Limits, clock, dialect.</param>
    /// <exception cref="TemplateException">
    /// The template fails, raises an exception of its own, or passes a limit; or the context cannot be a template's value.
    /// </exception>
    public string Render(IReadOnlyDictionary<string, object?> context, TemplateOptions? options = null) => RenderWithRanges(context, options).Text;

    /// <summary>Renders a conversation with the variables that chat templates expect.</summary>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="variables">What surrounds it.</param>
    /// <param name="options">Limits, clock, dialect.</param>
    /// <exception cref="TemplateException">The template fails, raises an exception of its own, or passes a limit.</exception>
    public string RenderChat(IReadOnlyList<ChatTurn> messages, ChatVariables? variables = null, TemplateOptions? options = null) =>
        Render(Context(messages, variables ?? new ChatVariables()), options);

    /// <summary>The variables that <see cref="RenderChat"/> gives to the template.</summary>
    /// <param name="messages">The conversation, oldest first.</param>
    /// <param name="variables">What surrounds it.</param>
    public static IReadOnlyDictionary<string, object?> Context(IReadOnlyList<ChatTurn> messages, ChatVariables variables)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(variables);
        var context = new Dictionary<string, object?>
        {
            ["messages"] = messages,
            ["tools"] = variables.Tools,
            ["documents"] = null,
            ["add_generation_prompt"] = variables.AddGenerationPrompt,
        };
        if (variables.BosToken is not null)
            context["bos_token"] = variables.BosToken;
        if (variables.EosToken is not null)
            context["eos_token"] = variables.EosToken;
        foreach (var (name, value) in variables.Extra)
            context[name] = value;
        return context;
    }

    /// <summary>Renders and reports which ranges of the text the assistant says, for templates with <c>generation</c> blocks.</summary>
    /// <param name="context">The variables, as <see cref="Render(IReadOnlyDictionary{string, object?}, TemplateOptions?)"/> takes them.</param>
    /// <param name="options">Limits, clock, dialect.</param>
    /// <exception cref="TemplateException">As in rendering; a range that is printed by way of a string, whose place cannot be known.</exception>
    public RenderedTemplate RenderGenerated(IReadOnlyDictionary<string, object?> context, TemplateOptions? options = null)
    {
        var rendered = RenderWithRanges(context, options);
        return rendered.Hidden
            ? throw new TemplateException(Name, 0, 0, "a generation block prints into a string, so the place of its text is not known")
            : new RenderedTemplate(rendered.Text, rendered.Ranges);
    }

    private (string Text, IReadOnlyList<Range> Ranges, bool Hidden) RenderWithRanges(object context, TemplateOptions? options)
    {
        ArgumentNullException.ThrowIfNull(context);
        options ??= TemplateOptions.Default;
        var reader = new ContextReader(options.Limits);
        Scope scope;
        try
        {
            scope = reader.Read(context);
        }
        catch (TemplateFault fault)
        {
            throw new TemplateException(Name, 0, 0, fault.Message);
        }
        var run = new Interpreter(options, reader.Bytes);
        try
        {
            return (run.Render(_body, scope), run.Generated, run.HasHiddenGeneration);
        }
        catch (TemplateFault fault)
        {
            var (line, column) = Place(_normalised, run.At);
            throw new TemplateException(Name, line, column, fault.Message, fault.IsRaisedByTemplate);
        }
    }

    private static (int Line, int Column) Place(string source, int at)
    {
        var before = source.AsSpan(0, Math.Min(at, source.Length));
        return (before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
