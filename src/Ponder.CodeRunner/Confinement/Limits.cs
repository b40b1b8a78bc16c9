using System.Text.Json;

namespace Ponder.CodeRunner.Confinement;

/// <summary>What the confined program may use.</summary>
/// <param name="CpuSeconds">Processor time; the kernel kills it after.</param>
/// <param name="WallSeconds">Time by the clock, should the parent be gone by then.</param>
/// <param name="DataBytes">Memory it may write to.</param>
/// <param name="AddressBytes">Address space.</param>
/// <param name="Readable">Files and folders that it may read; all others are closed to it.</param>
/// <param name="MayReadAll">Goes on where the kernel cannot close files to it.</param>
public sealed record Limits(int CpuSeconds, int WallSeconds, long DataBytes, long AddressBytes, string[] Readable, bool MayReadAll)
{
    internal static Limits Parse(string json) => JsonSerializer.Deserialize<Limits>(json) ?? throw new ArgumentException("There are no limits.", nameof(json));
}
