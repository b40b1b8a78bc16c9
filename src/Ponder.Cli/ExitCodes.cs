namespace Ponder.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitCodes
{
    /// <summary>All is well.</summary>
    public const int Success = 0;

    /// <summary>The command ran, but its answer is no; or something failed that the user is not to blame for.</summary>
    public const int Failure = 1;

    /// <summary>Wrong use or bad input: one sentence on stderr, nothing on stdout.</summary>
    public const int BadInput = 2;

    /// <summary>Ctrl-C, as shells count it: 128 and the signal's number.</summary>
    public const int Interrupted = 130;
}
