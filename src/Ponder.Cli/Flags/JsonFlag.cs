using System.CommandLine;

namespace Ponder.Cli.Flags;

/// <summary>The --json option.</summary>
internal static class JsonFlag
{
    /// <summary>Makes one.</summary>
    /// <param name="what">What is written.</param>
    public static Option<bool> Create(string what) => new("--json") { Description = $"Write {what}." };
}
