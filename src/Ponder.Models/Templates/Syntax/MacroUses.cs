namespace Ponder.Models.Templates.Syntax;

/// <summary>Which of the special names the body of a macro reads.</summary>
internal sealed class MacroUses
{
    /// <summary><c>varargs</c></summary>
    public bool Rest { get; private set; }

    /// <summary><c>kwargs</c></summary>
    public bool NamedRest { get; private set; }

    /// <summary><c>caller</c></summary>
    public bool Caller { get; private set; }

    /// <summary>Notes that the body reads this name.</summary>
    public void Note(string name)
    {
        Rest |= name == "varargs";
        NamedRest |= name == "kwargs";
        Caller |= name == "caller";
    }
}
