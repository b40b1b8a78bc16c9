using Ponder.Cli.Benchmarks;
using Ponder.Inference;

namespace Ponder.Cli.Tuning;

/// <summary>Engine options and what was measured with them.</summary>
/// <param name="options">The options.</param>
internal sealed class TunePoint(EngineOptions options)
{
    private readonly List<WorkRun> _runs = [];

    /// <summary>The options.</summary>
    public EngineOptions Options => options;

    /// <summary>Runs so far, at least one.</summary>
    public IReadOnlyList<WorkRun> Runs => _runs;

    /// <summary>Tokens per second.</summary>
    public Spread Rate => Spread.Of(_runs.Select(run => run.TokensPerSecond));

    /// <summary>Prompt tokens per second, of the middle run.</summary>
    public double PromptRate => Spread.Of(_runs.Select(run => run.PromptRate)).Median;

    /// <summary>Answer tokens per second, of the middle run.</summary>
    public double DecodeRate => Spread.Of(_runs.Select(run => run.DecodeRate)).Median;

    /// <summary>Adds a run.</summary>
    public void Add(WorkRun run) => _runs.Add(run);
}
