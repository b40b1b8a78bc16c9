using System.Globalization;
using Ponder.Inference;
using Ponder.Numerics;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Workers;

namespace Ponder.Cli.Tuning;

/// <summary>An option of the engine that is searched for the best value, and that a profile may hold.</summary>
/// <param name="Name">As profiles and tables call it.</param>
/// <param name="Flag">The flag by which the user sets it; null where there is none.</param>
/// <param name="ChangesResults">Answers may change with it; it is searched only when asked for.</param>
/// <param name="Read">The value as a text.</param>
/// <param name="Write">The options with a value; throws <see cref="PonderException"/> where it is none.</param>
/// <param name="Grid">The values to try for a workload on this many cores.</param>
/// <param name="Limit">The value from which on more makes no difference to a workload.</param>
internal sealed record TunedOption(
    string Name,
    string? Flag,
    bool ChangesResults,
    Func<EngineOptions, string> Read,
    Func<EngineOptions, string, EngineOptions> Write,
    Func<Workload, int, IEnumerable<string>> Grid,
    Func<Workload, long> Limit)
{
    private const int MostThreads = 1024, MostTokens = 1 << 20;

    /// <summary>All of them, in the order of the search: what moves most comes first.</summary>
    public static IReadOnlyList<TunedOption> All { get; } =
    [
        Whole("threads", "--threads", MostThreads,
            options => options.Threads == 0 ? CpuTopology.UsableCores : options.Threads, (options, value) => options with { Threads = value },
            (_, cores) => [cores, Environment.ProcessorCount, cores - 1, cores * 3 / 4, cores / 2], _ => int.MaxValue),
        Whole("chunk_tokens", null, MostTokens, options => options.ChunkTokens, (options, value) => options with { ChunkTokens = value },
            (_, _) => [64, 128, 256, 512, 1024, 2048], work => work.PromptTokens),
        Whole("shared_chunk_tokens", null, MostTokens, options => options.SharedChunkTokens, (options, value) => options with { SharedChunkTokens = value },
            (_, _) => [16, 32, 64, 128, 256], work => work.Requests > 1 ? work.PromptTokens : 0),
        Whole("max_branches", null, MostTokens, options => options.MaxBranches, (options, value) => options with { MaxBranches = value },
            (work, _) => [work.Branches, work.Branches / 2, work.Branches / 4], work => work.Branches),
        new("kv", "--kv", true, options => KvFormats.NameOf(options.ChosenKvFormat), (options, value) => options with { KvFormat = KvFormats.Require("kv", value) },
            (_, _) => KvFormats.All.Select(KvFormats.NameOf), _ => int.MaxValue),
    ];

    /// <summary>The values worth measuring beside the one that options hold: each makes a difference to the workload.</summary>
    public IEnumerable<string> Candidates(EngineOptions options, Workload work, int cores) =>
        Grid(work, cores).DistinctBy(value => Effect(value, work)).Where(value => Effect(value, work) != Effect(Read(options), work));

    private string Effect(string value, Workload work) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > Limit(work) ? $"{Limit(work)}" : value;

    private static TunedOption Whole(
        string name, string? flag, int most, Func<EngineOptions, int> read, Func<EngineOptions, int, EngineOptions> write,
        Func<Workload, int, IEnumerable<int>> grid, Func<Workload, long> limit) =>
        new(
            name,
            flag,
            false,
            options => read(options).ToString(CultureInfo.InvariantCulture),
            (options, value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= most
                ? write(options, number)
                : throw new PonderException($"{name} is {value}, but must be a whole number from 1 to {most}."),
            (work, cores) => grid(work, cores).Where(value => value >= 1 && value <= most).Select(value => value.ToString(CultureInfo.InvariantCulture)),
            limit);
}
