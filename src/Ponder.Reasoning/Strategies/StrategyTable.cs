using Ponder.Numerics;
using Ponder.Reasoning.Auto;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Layers;
using Ponder.Reasoning.Search;

namespace Ponder.Reasoning.Strategies;

/// <summary>All strategies by name.</summary>
public static class StrategyTable
{
    /// <summary>A row for each, in the order in which they are listed.</summary>
    public static IReadOnlyList<StrategyRow> All { get; } =
    [
        SingleAnswer.Row,
        RepeatedSampling.Row,
        Majority.Row,
        EarlyStoppingConsistency.Row,
        PerplexityConsistency.Row,
        DeepConf.Row,
        ShortMAtK.Row,
        FirstFinish.Row,
        BestOfN.Row,
        WeightedBestOfN.Row,
        AdaptiveBestOfN.Row,
        SpeculativeRejection.Row,
        EarlyRejection.Row,
        GenRmVote.Row,
        CotPot.Row,
        SelfRefine.Row,
        IterativeDecoding.Row,
        BudgetForcing.Row,
        Lynx.Row,
        BeamSearch.Row,
        DiverseTrees.Row,
        Rebase.Row,
        ParticleFilter.Row,
        Ensemble.Row,
        AtomOfThoughts.Row,
        SpecReason.Row,
        SolveDetectVerify.Row,
        Scale.Row,
        ParticleGibbs.Row,
        ParallelTempering.Row,
        MonteCarloTree.Row,
        Lookahead.Row,
        Ets.Row,
        AStar.Row,
        TreeOfThoughts.Row,
        AutoStrategy.Row,
        LayerStrategy.Row,
    ];

    /// <summary>The row with a name.</summary>
    /// <exception cref="StrategyException">There is none; names the nearest.</exception>
    public static StrategyRow Require(string name) => All.FirstOrDefault(row => row.Name == name)
        ?? throw new StrategyException($"There is no strategy '{name}'; {NearestName.Suggest(name, All.Select(row => row.Name))}");

    /// <summary>Makes a strategy.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="options">Values of its options by name; those that are not given have their defaults.</param>
    /// <exception cref="StrategyException">There is no such strategy or option, or a value is out of range.</exception>
    public static IStrategy Create(string name, IReadOnlyDictionary<string, string>? options = null)
    {
        var row = Require(name);
        return row.Create(new StrategyValues(row, options ?? new Dictionary<string, string>()));
    }
}
