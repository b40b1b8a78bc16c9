using System.Globalization;
using Ponder.Models.Files;

namespace Ponder.Inference;

/// <summary>Refuses a model that cannot fit, before its first page is touched.</summary>
internal static class MemoryCheck
{
    /// <summary>Memory that this process may use: the machine's, or the container's limit.</summary>
    public static long Available { get; } = Math.Min(Machine(), ContainerLimit());

    /// <summary>Throws if the weights are larger than the memory that this process may use.</summary>
    /// <param name="path">The model, for the message.</param>
    /// <param name="fileBytes">Bytes of the weights.</param>
    /// <param name="availableBytes">Physical memory, or the container's limit.</param>
    public static void Demand(string path, long fileBytes, long availableBytes)
    {
        if (fileBytes > availableBytes)
        {
            throw new ModelFileException(
                path,
                $"the model is {Gibibytes(fileBytes)} GiB, but this process may use {Gibibytes(availableBytes)} GiB of memory; "
                + "take a smaller or more quantized one");
        }
    }

    // The GC's own figure serves elsewhere; under a container's limit it is only the three quarters that the managed heap may take.
    private static long Machine() =>
        FirstNumber("/proc/meminfo", "MemTotal:") is long kibibytes ? kibibytes * 1024 : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static long ContainerLimit() =>
        FirstNumber("/sys/fs/cgroup/memory.max", "") ?? FirstNumber("/sys/fs/cgroup/memory/memory.limit_in_bytes", "") ?? long.MaxValue;

    private static long? FirstNumber(string path, string label)
    {
        try
        {
            string? line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(label, StringComparison.Ordinal)) : null;
            string? word = line?[label.Length..].Trim().Split(' ')[0];
            return long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture);
}
