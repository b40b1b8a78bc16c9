using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>How <see cref="MonteCarloTree"/> goes down its tree, and grows it.</summary>
public sealed record TreeOptions
{
    /// <summary>Which child it goes down to.</summary>
    public ChildSelector Selector { get; init; } = new Puct();

    /// <summary>Steps drawn behind a thought when it is expanded, at least 1.</summary>
    public int Expand { get; init; } = 4;

    /// <summary>Thoughts expanded in one round, at least 1; no round is wider than the search.</summary>
    public int Batch { get; init; } = 4;

    /// <summary>A thought is worth the reward of an answer that is drawn from it; else its own reward.</summary>
    public bool Rollout { get; init; }

    /// <summary>The part of noise in the priors of first steps, 0 to 1.</summary>
    public double Noise { get; init; } = 0.25;

    /// <summary>The Dirichlet parameter of the noise, above 0: the smaller, the more uneven.</summary>
    public double Alpha { get; init; } = 0.3;

    /// <summary>The options of a strategy's row.</summary>
    internal static IReadOnlyList<StrategyOption> Rows { get; } =
    [
        StrategyOption.OneOf("select", "puct", "Goes down by PUCT or by UCT.", "puct", "uct"),
        StrategyOption.Whole("expand", 4, "Steps drawn behind a thought when it is expanded.", most: 1000),
        StrategyOption.Whole("batch", 4, "Thoughts expanded in one round, as far as the width allows."),
        StrategyOption.OneOf("simulate", "value", "A thought is worth its reward, or that of an answer drawn from it.", "value", "rollout"),
        StrategyOption.Number("c-base", 19652, "Visits at which PUCT's exploration begins to grow.", 1),
        StrategyOption.Number("c-init", 1.25, "PUCT's exploration before."),
        StrategyOption.Number("noise", 0.25, "The part of noise in the priors of first steps, for PUCT.", 0, 1),
        StrategyOption.Number("alpha", 0.3, "The Dirichlet parameter of the noise.", 0.001, 1000),
        StrategyOption.Number("c", 1.414, "UCT's exploration."),
    ];

    /// <summary>What a row's values say.</summary>
    internal static TreeOptions Of(StrategyValues values) => new()
    {
        Selector = values.Name("select") == "uct" ? new Uct(values.Number("c")) : new Puct(values.Number("c-base"), values.Number("c-init")),
        Expand = values.Whole("expand"),
        Batch = values.Whole("batch"),
        Rollout = values.Name("simulate") == "rollout",
        Noise = values.Number("noise"),
        Alpha = values.Number("alpha"),
    };
}
