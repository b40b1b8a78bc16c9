using Ponder.Inference;

namespace Ponder.Cli.Tuning;

/// <summary>Runs workloads with engine options and measures them.</summary>
internal interface IWorkbench : IDisposable
{
    /// <summary>Cores that this process may use.</summary>
    int Cores { get; }

    /// <summary>Longest sequence in tokens.</summary>
    int Context { get; }

    /// <summary>Runs a workload once, on a warm engine.</summary>
    /// <param name="options">How the engine uses the machine.</param>
    /// <param name="work">What is run.</param>
    /// <param name="run">The number of the run: the same number has the same prompts.</param>
    /// <param name="stop">Stops within one step.</param>
    Task<WorkRun> RunAsync(EngineOptions options, Workload work, int run, CancellationToken stop);
}
