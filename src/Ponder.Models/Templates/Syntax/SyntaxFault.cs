namespace Ponder.Models.Templates.Syntax;

/// <summary>Source that is not a template.</summary>
/// <param name="at">Where, in UTF-16 units.</param>
/// <param name="reason">What is wrong; a clause without a full stop.</param>
internal sealed class SyntaxFault(int at, string reason) : Exception(reason)
{
    /// <summary>Where, in UTF-16 units.</summary>
    public int At { get; } = at;
}
