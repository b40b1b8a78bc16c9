namespace Ponder.Models.Templates;

/// <summary>
/// What a template may spend. Templates come with downloaded models and are not trusted: one that passes a limit ends in a
/// <see cref="TemplateException"/>, not in a hang or in exhausted memory. The defaults leave room for conversations of millions of characters.
/// </summary>
public sealed record TemplateLimits
{
    /// <summary>The defaults.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>Longest source, in UTF-16 units. 1 Mi by default.</summary>
    public int SourceLength { get; init => field = Positive(value); } = 1 << 20;

    /// <summary>Deepest nesting of expressions, statements, macro calls and lists within lists, 1 to 1000. 256 by default.</summary>
    public int Depth { get; init => field = value is >= 1 and <= 1000 ? value : throw new ArgumentOutOfRangeException(nameof(Depth)); } = 256;

    /// <summary>
    /// Most steps: one for every expression and statement, one for each item or 64 characters that an operation walks over. A million by
    /// default, and one more for every 8 bytes of the context.
    /// </summary>
    public long Steps { get; init => field = Positive(value); } = 1_000_000;

    /// <summary>Longest rendering, in UTF-16 units. 8 Mi by default.</summary>
    public int OutputLength { get; init => field = Positive(value); } = 8 << 20;

    /// <summary>Longest single string, in UTF-16 units. 8 Mi by default.</summary>
    public int StringLength { get; init => field = Positive(value); } = 8 << 20;

    /// <summary>Most items in a list, a tuple or a dictionary that the template makes, <c>range</c> included. 100,000 by default.</summary>
    public int CollectionLength { get; init => field = Positive(value); } = 100_000;

    /// <summary>
    /// Most bytes allocated over the whole rendering, by estimate, whether still in use or not. 48 MiB by default, and 64 more for every
    /// byte of the context.
    /// </summary>
    public long AllocatedBytes { get; init => field = Positive(value); } = 48L << 20;

    private static int Positive(int value, [System.Runtime.CompilerServices.CallerMemberName] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return value;
    }

    private static long Positive(long value, [System.Runtime.CompilerServices.CallerMemberName] string? name = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, name);
        return value;
    }
}
