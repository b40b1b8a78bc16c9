using System.CommandLine;
using Ponder.Cli.Flags;
using Ponder.Inference;
using Ponder.Reasoning.Rewards;

namespace Ponder.Cli.Solving;

/// <summary>The engine that thinks, and the reward model and the drafter beside it: they take turns on the same threads.</summary>
internal sealed class Thinker : IDisposable
{
    private readonly SharedWorkers? _workers;

    private Thinker(Engine engine, Engine? drafter, IRewardModel? reward, SharedWorkers? workers) =>
        (Engine, Drafter, Reward, _workers) = (engine, drafter, reward, workers);

    /// <summary>The engine; it has a language model.</summary>
    public Engine Engine { get; }

    /// <summary>The small model that drafts; null for none.</summary>
    public Engine? Drafter { get; }

    /// <summary>The reward; null where thoughts are not scored.</summary>
    public IRewardModel? Reward { get; }

    /// <summary>Loads them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where progress is drawn.</param>
    /// <param name="model">The model, as the user named it.</param>
    /// <param name="reward">The reward's name or path; null for none.</param>
    /// <param name="engineFlags">How the machine is used.</param>
    /// <param name="scoring">How the reward scores, with how its model uses the machine.</param>
    /// <param name="drafterPath">The drafter's path; null for none.</param>
    /// <param name="cachePrefixes">Whether problems profit from the beginnings of those before them.</param>
    public static Thinker Load(
        ParseResult parsed, Terminal terminal, string model, string? reward, EngineFlags engineFlags, Func<EngineOptions, RewardSettings> scoring,
        string? drafterPath = null, bool cachePrefixes = true)
    {
        SharedWorkers? workers = null;
        Engine? engine = null, drafter = null;
        try
        {
            engine = engineFlags.Load(parsed, terminal, model, options =>
            {
                if (reward is not null || drafterPath is not null)
                    workers = new SharedWorkers(options.Threads);
                return options with { Workers = workers, CachePrefixes = cachePrefixes };
            });
            engine.DemandLanguageModel("think a problem through");
            var beside = engineFlags.Read(parsed) with { Workers = workers, CachePrefixes = cachePrefixes };
            drafter = DrafterFlag.Load(drafterPath, beside);
            var scores = reward is null ? null : RewardTable.Create(reward, scoring(beside));
            return new Thinker(engine, drafter, scores, workers);
        }
        catch
        {
            drafter?.Dispose();
            engine?.Dispose();
            workers?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reward?.Dispose();
        Drafter?.Dispose();
        Engine.Dispose();
        _workers?.Dispose();
    }
}
