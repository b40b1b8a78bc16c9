using System.CommandLine;

namespace Ponder.Cli.Flags;

/// <summary>The MODEL argument.</summary>
internal static class ModelArgument
{
    /// <summary>Makes one.</summary>
    public static Argument<string> Create() => new("MODEL") { Description = ModelLocator.Help };
}
