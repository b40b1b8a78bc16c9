using Ponder.Inference;
using Ponder.Numerics;
using Ponder.Reasoning.Solving;

namespace Ponder.Reasoning.Rewards;

/// <summary>How a reward is made.</summary>
public sealed record RewardSettings
{
    /// <summary>How the rewards of steps become that of a thought.</summary>
    public Aggregation Aggregation { get; init; } = Aggregation.Last;

    /// <summary>How a reward model's engine uses the machine; null as engines do.</summary>
    public EngineOptions? Engine { get; init; }

    /// <summary>How a reward model that is given as a path is read; its aggregation is the one above.</summary>
    public HeadRewardOptions Head { get; init; } = new();
}

/// <summary>A reward as the command line lists it and makes it.</summary>
/// <param name="Name">Words with hyphens.</param>
/// <param name="Summary">What it says, in one sentence.</param>
/// <param name="Source">The paper, or what it comes from.</param>
/// <param name="Create">Makes it; who asks disposes of it.</param>
public sealed record RewardRow(string Name, string Summary, string Source, Func<RewardSettings, IRewardModel> Create);

/// <summary>All rewards by name.</summary>
public static class RewardTable
{
    /// <summary>A row for each, in the order in which they are listed.</summary>
    public static IReadOnlyList<RewardRow> All { get; } =
    [
        new("puzzles", "The built-in process reward model of puzzles, read at every line end.", "ships with Ponder", Puzzles),
        new("exact-steps", "The puzzles' own exhaustive step checker: 1 while an answer can still come right.", "ships with Ponder", _ => new ExactSteps()),
        OfPolicy("How far the policy's distributions are from even ones, over all tokens.", "Kang et al., arXiv 2502.18581", LogProbabilityKind.SelfCertainty),
        OfPolicy("The geometric mean of the tokens' probabilities.", "exp(mean log p)", LogProbabilityKind.Perplexity),
        OfPolicy("Minus the mean entropy of the tokens' distributions.", "Shannon entropy", LogProbabilityKind.Entropy),
        OfPolicy("The lowest confidence of any 2,048 tokens in a row.", "Fu et al., arXiv 2508.15260", LogProbabilityKind.Confidence),
        new("genrm", "How likely the policy says Yes when it is asked whether the answer is correct.", "Zhang et al., arXiv 2408.15240", _ => new GenerativeJudge()),
        new("genrm-cot", "The part of the policy's checks, each reasoned out, that come to Yes.", "Zhang et al., arXiv 2408.15240", _ => new GenerativeJudge(JudgeForm.ChainOfThought)),
        new("spct", "The policy's marks for the answer, behind principles and a critique of its own.", "Liu et al., arXiv 2504.02495", _ => new SpctJudge()),
        new("step-value", "The policy's opinion, when it is asked, whether a partial answer can still come right.", "Yao et al., arXiv 2305.10601", _ => new StepValue()),
        new("self-eval", "How likely the policy says Yes when it is asked about its own answer, behind it.", "Kadavath et al., arXiv 2207.05221", _ => new SelfEvaluation()),
    ];

    /// <summary>Makes a reward.</summary>
    /// <param name="name">A name of the table, or the path of a reward model: a GGUF or safetensors file, or a folder with one.</param>
    /// <param name="settings">How; null for the defaults.</param>
    /// <returns>The reward; who asks disposes of it.</returns>
    /// <exception cref="RewardException">There is neither such a reward nor such a file; names the nearest.</exception>
    /// <exception cref="PonderException">The model cannot be loaded, or gives no rewards.</exception>
    public static IRewardModel Create(string name, RewardSettings? settings = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        settings ??= new RewardSettings();
        if (All.FirstOrDefault(row => row.Name == name) is { } row)
            return row.Create(settings);
        if (File.Exists(name) || Directory.Exists(name))
            return HeadReward.Load(name, settings.Head with { Aggregation = settings.Aggregation }, settings.Engine);
        throw new RewardException($"There is no reward and no file '{name}'; {NearestName.Suggest(name, All.Select(row => row.Name))}");
    }

    private static RewardRow OfPolicy(string summary, string source, LogProbabilityKind kind) =>
        new(new LogProbabilityReward(kind).Name, summary, source, _ => new LogProbabilityReward(kind));

    private static HeadReward Puzzles(RewardSettings settings) => HeadReward.Load(
        EmbeddedModels.Reward, new HeadRewardOptions { Name = "puzzles", StepMark = "\n", Aggregation = settings.Aggregation }, settings.Engine);
}
