using Ponder.Numerics.Kernels;

namespace Ponder.Inference;

/// <summary>How an engine uses the machine.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads; 0 (the default) takes the physical cores that this process may use.</summary>
    public int Threads { get; init; }

    /// <summary>Most prompt tokens in one step.</summary>
    public int ChunkTokens { get; init; } = 256;

    /// <summary>Most answers in one step.</summary>
    public int MaxBranches { get; init; } = 64;

    /// <summary>Most bytes of KV memory; null (the default) takes three quarters of what the system has free when the model is loaded.</summary>
    public long? KvMemoryBytes { get; init; }

    /// <summary>
    /// The format of the numbers in KV memory. <see cref="KvFormat.F16"/> (the default) halves the memory and the time that reading it takes;
    /// <see cref="KvFormat.F32"/> is exact.
    /// </summary>
    public KvFormat KvFormat { get; init; } = KvFormat.F16;

    /// <summary>Vectors that the kernels compute with; null (the default) takes <see cref="VectorWidths.Current"/>.</summary>
    public VectorWidth? Width { get; init; }

    /// <summary>Returns the options if every field is in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the field that is not.</exception>
    public EngineOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBranches, 1);
        if (KvMemoryBytes < 1)
            throw new ArgumentOutOfRangeException(nameof(KvMemoryBytes), KvMemoryBytes, "KvMemoryBytes must be above 0.");
        if (!Enum.IsDefined(KvFormat))
            throw new ArgumentOutOfRangeException(nameof(KvFormat), KvFormat, $"KvFormat must be one of {string.Join(", ", KvFormats.All)}.");
        if (Width is VectorWidth width && !VectorWidths.Available.Contains(width))
            throw new ArgumentOutOfRangeException(nameof(Width), width, $"Width must be one that this machine has: {string.Join(", ", VectorWidths.Available)}.");
        return this;
    }
}
