using System.CommandLine;
using System.Security.Cryptography;

namespace Ponder.Cli.Flags;

/// <summary>The option that repeats a run.</summary>
internal static class SeedFlag
{
    /// <summary>Makes the option.</summary>
    public static Option<ulong?> Create() => new("--seed")
    {
        Description = "Repeat a run exactly. [default: random, and told]",
        HelpName = "N",
    };

    /// <summary>The seed asked for, or a random one.</summary>
    public static ulong Of(ParseResult parsed, Option<ulong?> flag) =>
        parsed.GetValue(flag) ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
}
