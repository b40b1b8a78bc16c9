using Ponder.Models.Files;

namespace Ponder.Inference;

/// <summary>Refuses a model that cannot fit, before its first page is touched.</summary>
internal static class MemoryCheck
{
    /// <summary>Throws if the weights are larger than the memory that this process may use.</summary>
    /// <param name="path">The model, for the message.</param>
    /// <param name="fileBytes">Bytes of the weights.</param>
    /// <param name="availableBytes">Physical memory, or the container's limit.</param>
    public static void Demand(string path, long fileBytes, long availableBytes)
    {
        if (fileBytes > availableBytes)
        {
            throw new ModelFileException(
                path, $"the model is {Gibibytes(fileBytes)} GiB, but this process may use {Gibibytes(availableBytes)} GiB of memory; take a smaller or more quantized one");
        }
    }

    /// <summary>Memory that this process may use: the machine's, or the container's limit.</summary>
    public static long Available => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    private static string Gibibytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
