using System.CommandLine;
using System.Security.Cryptography;

namespace Ponder.Cli.Flags;

/// <summary>The option that repeats a run.</summary>
internal static class SeedFlag
{
    /// <summary>Makes the option.</summary>
    /// <param name="seed">The seed where the user does not say; null for a random one.</param>
    public static Option<ulong?> Create(ulong? seed = null) => new("--seed")
    {
        Description = seed is null ? "Repeat a run exactly. [default: random, and told]" : "Draw other answers.",
        HelpName = "N",
        DefaultValueFactory = _ => seed,
    };

    /// <summary>The seed asked for, or a random one.</summary>
    public static ulong Of(ParseResult parsed, Option<ulong?> flag) =>
        parsed.GetValue(flag) ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
}
