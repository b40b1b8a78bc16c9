namespace Ponder.Models.Templates;

/// <summary>How a template is rendered.</summary>
public sealed record TemplateOptions
{
    /// <summary>The defaults: Python's way to print, the default limits, the system's clock.</summary>
    public static TemplateOptions Default { get; } = new();

    /// <summary>Whose way to print values is followed.</summary>
    public TemplateDialect Dialect { get; init; } = TemplateDialect.Python;

    /// <summary>What the template may spend.</summary>
    public TemplateLimits Limits { get; init; } = TemplateLimits.Default;

    /// <summary>The clock behind <c>strftime_now</c>, which reads its local time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>
/// The two renderers that models are published for differ in how they print what is not a string. Models are trained on what the Python
/// one prints.
/// </summary>
public enum TemplateDialect
{
    /// <summary>As transformers renders: <c>True</c>, <c>None</c>, <c>[1, 'a']</c>, <c>{'a': 1}</c>; a string plus a number is an error.</summary>
    Python,

    /// <summary>
    /// As @huggingface/jinja renders: <c>true</c>, nothing for null, <c>[1, "a"]</c>, <c>{"a": 1}</c>; <c>+</c> joins a string with anything, and
    /// <c>tojson</c> writes an undefined value as <c>null</c>.
    /// </summary>
    JavaScript,
}
