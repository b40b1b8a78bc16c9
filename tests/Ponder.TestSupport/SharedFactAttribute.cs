using Xunit;

namespace Ponder.TestSupport;

/// <summary>A fact that reads the shared reference data; skipped where it is absent.</summary>
public sealed class SharedFactAttribute : FactAttribute
{
    internal const string Reason = "needs the reference data in ../shared, which is not here";

    /// <summary>Sets the reason to skip when the data is absent.</summary>
    public SharedFactAttribute()
    {
        if (SharedData.Root is null)
            Skip = Reason;
    }
}

/// <summary>A theory that reads the shared reference data; skipped where it is absent.</summary>
public sealed class SharedTheoryAttribute : TheoryAttribute
{
    /// <summary>Sets the reason to skip when the data is absent.</summary>
    public SharedTheoryAttribute()
    {
        if (SharedData.Root is null)
            Skip = SharedFactAttribute.Reason;
    }
}
