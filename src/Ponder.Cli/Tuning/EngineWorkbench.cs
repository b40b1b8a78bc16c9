using System.Diagnostics;
using Ponder.Inference;
using Ponder.Numerics.Workers;

namespace Ponder.Cli.Tuning;

/// <summary>
/// Measures real requests on real engines. Two engines stay loaded where memory holds them, so that runs of two choices can alternate.
/// </summary>
internal sealed class EngineWorkbench : IWorkbench
{
    private const int WarmPrompt = 64, WarmAnswer = 4;
    private const double PartOfMemory = 0.5;                    // weights of two engines, mapped and repacked

    private readonly string _path;
    private readonly int _kept;
    private readonly List<(EngineOptions Options, Engine Engine)> _engines = [];   // the latest used last

    /// <summary>Loads the model once.</summary>
    /// <param name="path">A language model.</param>
    /// <param name="options">The first to be measured.</param>
    public EngineWorkbench(string path, EngineOptions options)
    {
        _path = path;
        var engine = Engine.Load(path, options);
        _engines.Add((options, engine));
        try
        {
            engine.DemandLanguageModel("be tuned");
        }
        catch
        {
            engine.Dispose();
            throw;
        }
        Context = engine.Context;
        double memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        _kept = 4.0 * engine.Model.Weights.FileBytes <= memory * PartOfMemory ? 2 : 1;
    }

    /// <inheritdoc/>
    public int Cores => CpuTopology.UsableCores;

    /// <inheritdoc/>
    public int Context { get; }

    /// <inheritdoc/>
    public async Task<WorkRun> RunAsync(EngineOptions options, Workload work, int run, CancellationToken stop)
    {
        var engine = await EngineOfAsync(options, work, stop).ConfigureAwait(false);
        return await MeasureAsync(engine, work, run, stop).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => _engines.ForEach(pair => pair.Engine.Dispose());

    private static async Task<WorkRun> MeasureAsync(Engine engine, Workload work, int run, CancellationToken stop)
    {
        var requests = work.RequestsOf(engine.Model.Config.Vocabulary, run);
        var begun = new bool[work.Requests, work.Samples];
        int toBegin = work.Branches, tokensAfter = 0;
        long start = Stopwatch.GetTimestamp(), allBegun = start;
        await engine.CompleteAsync(
            requests,
            (request, sample, _) =>
            {
                if (toBegin == 0)
                    tokensAfter++;
                else if (!begun[request, sample])
                {
                    begun[request, sample] = true;
                    if (--toBegin == 0)
                        allBegun = Stopwatch.GetTimestamp();
                }
            },
            stop).ConfigureAwait(false);
        long end = Stopwatch.GetTimestamp();
        double seconds = Seconds(start, end);
        return new WorkRun(
            seconds, work.Tokens / seconds, work.PromptTokens / Seconds(start, allBegun), tokensAfter == 0 ? 0 : tokensAfter / Seconds(allBegun, end));
    }

    private static double Seconds(long start, long end) => Math.Max(Stopwatch.GetElapsedTime(start, end).TotalSeconds, 1e-9);

    private async Task<Engine> EngineOfAsync(EngineOptions options, Workload work, CancellationToken stop)
    {
        int at = _engines.FindIndex(pair => pair.Options == options);
        if (at >= 0)
        {
            var found = _engines[at];
            _engines.RemoveAt(at);
            _engines.Add(found);
            return found.Engine;
        }
        while (_engines.Count >= _kept)
        {
            _engines[0].Engine.Dispose();
            _engines.RemoveAt(0);
        }
        var engine = Engine.Load(_path, options, cancellationToken: stop);
        _engines.Add((options, engine));
        var warming = work with { Prompt = Math.Min(work.Prompt, WarmPrompt), Answer = Math.Min(work.Answer, WarmAnswer) };
        await MeasureAsync(engine, warming, -1, stop).ConfigureAwait(false);
        return engine;
    }
}
