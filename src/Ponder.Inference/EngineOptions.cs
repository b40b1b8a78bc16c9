using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference;

/// <summary>How an engine uses the machine.</summary>
public sealed record EngineOptions
{
    /// <summary>Threads; 0 (the default) takes the physical cores that this process may use.</summary>
    public int Threads { get; init; }

    /// <summary>
    /// Threads shared with other engines, in place of <see cref="Threads"/> of its own; null (the default) for none. They stay when the engine is disposed.
    /// </summary>
    public SharedWorkers? Workers { get; init; }

    /// <summary>Most prompt tokens in one step.</summary>
    public int ChunkTokens { get; init; } = 256;

    /// <summary>
    /// Prompt tokens in a step that also continues answers: few, so that a long prompt does not hold up those who wait for their next token. For every
    /// two prompts that wait it is once as many, up to <see cref="ChunkTokens"/>.
    /// </summary>
    public int SharedChunkTokens { get; init; } = 32;

    /// <summary>Most branches that wait for their turn; more are refused.</summary>
    public int MaxWaiting { get; init; } = 1 << 16;

    /// <summary>Most tokens of a stream that lie unread before its text waits for the reader.</summary>
    public int StreamTokens { get; init; } = 256;

    /// <summary>
    /// Keeps the keys and values of earlier texts, while nobody else needs the memory, for later ones with the same beginning. Results do not depend
    /// on it.
    /// </summary>
    public bool CachePrefixes { get; init; } = true;

    /// <summary>Most answers in one step.</summary>
    public int MaxBranches { get; init; } = 64;

    /// <summary>Most bytes of KV memory; null (the default) takes three quarters of what the system has free when the model is loaded.</summary>
    public long? KvMemoryBytes { get; init; }

    /// <summary>How the kernels compute; null (the default) takes <see cref="ExecutionPath.Current"/>.</summary>
    public ExecutionPath? Path { get; init; }

    /// <summary>What products with quantized weights are computed in.</summary>
    public Precision Precision { get; init; }

    /// <summary>
    /// The format of the numbers in KV memory; null (the default) takes <see cref="KvFormat.F32"/> where <see cref="Precision"/> is exact, else
    /// <see cref="KvFormat.F16"/>, which halves the memory and the time that reading it takes.
    /// </summary>
    public KvFormat? KvFormat { get; init; }

    /// <summary>The format that <see cref="KvFormat"/> and <see cref="Precision"/> come to.</summary>
    public KvFormat ChosenKvFormat => KvFormat ?? (Precision == Precision.Exact ? Numerics.Kernels.KvFormat.F32 : Numerics.Kernels.KvFormat.F16);

    /// <summary>
    /// A folder that keeps repacked weights, so that the next start of the same model maps them instead of repacking; null (the default) for none. A file in
    /// it is as large as the model's and may be deleted at any time.
    /// </summary>
    public string? WeightCache { get; init; }

    /// <summary>Returns the options if every field is in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the field that is not.</exception>
    public EngineOptions Validated()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SharedChunkTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBranches, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxWaiting);
        ArgumentOutOfRangeException.ThrowIfLessThan(StreamTokens, 1);
        if (KvMemoryBytes < 1)
            throw new ArgumentOutOfRangeException(nameof(KvMemoryBytes), KvMemoryBytes, "KvMemoryBytes must be above 0.");
        if (Path is { IsAvailable: false } path)
        {
            throw new ArgumentOutOfRangeException(
                nameof(Path), path, $"Path must be one that this machine has: {string.Join(", ", ExecutionPath.Names)}.");
        }
        if (KvFormat is { } kv && !Enum.IsDefined(kv))
            throw new ArgumentOutOfRangeException(nameof(KvFormat), kv, $"KvFormat must be one of {string.Join(", ", KvFormats.All)}.");
        if (!Enum.IsDefined(Precision))
            throw new ArgumentOutOfRangeException(nameof(Precision), Precision, "Precision is Fast or Exact.");
        return this;
    }
}
