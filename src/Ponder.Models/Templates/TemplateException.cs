using Ponder.Numerics;

namespace Ponder.Models.Templates;

/// <summary>A chat template that cannot be read or rendered; the message names the template, the line and the column.</summary>
public sealed class TemplateException : PonderException
{
    /// <summary>Creates the error.</summary>
    /// <param name="name">The template.</param>
    /// <param name="line">Line in the template, from 1; 0 when the error has no place in it.</param>
    /// <param name="column">Column in UTF-16 units, from 1; 0 when the error has no place in it.</param>
    /// <param name="reason">What is wrong; a clause without a full stop at the end.</param>
    /// <param name="isRaisedByTemplate">True when the template itself called <c>raise_exception</c>; the reason is then the template's own.</param>
    public TemplateException(string name, int line, int column, string reason, bool isRaisedByTemplate = false)
        : base(line > 0 ? $"{name}, line {line}, column {column}: {Sentence(reason)}" : $"{name}: {Sentence(reason)}")
    {
        Name = name;
        Line = line;
        Column = column;
        Reason = reason;
        IsRaisedByTemplate = isRaisedByTemplate;
    }

    /// <summary>The template.</summary>
    public string Name { get; }

    /// <summary>Line in the template, from 1; 0 when the error has no place in it.</summary>
    public int Line { get; }

    /// <summary>Column in UTF-16 units, from 1; 0 when the error has no place in it.</summary>
    public int Column { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Reason { get; }

    /// <summary>True when the template itself called <c>raise_exception</c> to refuse its input (say, roles that do not alternate).</summary>
    public bool IsRaisedByTemplate { get; }

    private static string Sentence(string reason) => reason.Length > 0 && reason[^1] is '.' or '!' or '?' ? reason : reason + ".";
}

/// <summary>The same without its place; the parser and the interpreter know the place and add it.</summary>
internal sealed class TemplateFault(string reason, bool isRaisedByTemplate = false) : Exception(reason)
{
    /// <summary>True for <c>raise_exception</c>.</summary>
    public bool IsRaisedByTemplate { get; } = isRaisedByTemplate;
}
