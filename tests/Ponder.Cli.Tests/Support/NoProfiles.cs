using System.Runtime.CompilerServices;
using Ponder.Cli.Tuning;

namespace Ponder.Cli.Tests.Support;

internal static class NoProfiles
{
    public static readonly string Folder = Path.Combine(Path.GetTempPath(), $"ponder-no-profiles-{Environment.ProcessId}");

    /// <summary>Keeps the tests from the profiles of who runs them.</summary>
    [ModuleInitializer]
    public static void Hide() => Environment.SetEnvironmentVariable(ProfileStore.Variable, Folder);
}
