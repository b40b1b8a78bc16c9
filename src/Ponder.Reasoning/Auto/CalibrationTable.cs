using Ponder.Reasoning.Policies;

namespace Ponder.Reasoning.Auto;

/// <summary>What strategies came to on problems whose answers are known: made once for a model, read by the strategy <c>auto</c>.</summary>
public sealed record CalibrationTable
{
    /// <summary>The model that thought.</summary>
    public required ModelFingerprint Model { get; init; }

    /// <summary>The reward model that scored; null for none.</summary>
    public string? Reward { get; init; }

    /// <summary>Most tokens of a thought.</summary>
    public required int MaxTokens { get; init; }

    /// <summary>The temperature that thoughts were drawn with.</summary>
    public required double Temperature { get; init; }

    /// <summary>The kinds of problems; at least one, each once.</summary>
    public required IReadOnlyList<TaskCalibration> Tasks { get; init; }

    /// <summary>Throws unless the table is of a policy's model.</summary>
    /// <exception cref="CalibrationException">It is of another; names both.</exception>
    public void Demand(IPolicy policy)
    {
        var model = ModelFingerprint.Of(policy);
        if (!Model.IsSame(model))
            throw new CalibrationException($"The calibration is of the model {Model}, not of {model}: make one for it with 'ponder calibrate'.");
    }

    /// <summary>The figures for a task: its own, else those of <c>all</c>, else the first of the table.</summary>
    public TaskCalibration For(string task) =>
        Tasks.FirstOrDefault(known => known.Task == task) ?? Tasks.FirstOrDefault(known => known.Task == "all") ?? Tasks[0];
}

/// <summary>What strategies came to on one kind of problem.</summary>
public sealed record TaskCalibration
{
    /// <summary>The task's name.</summary>
    public required string Task { get; init; }

    /// <summary>Problems that it was made on.</summary>
    public required int Problems { get; init; }

    /// <summary>Tokens of a usual answer, above 0.</summary>
    public required double AnswerTokens { get; init; }

    /// <summary>The strategies at the budgets that were tried; at least one.</summary>
    public required IReadOnlyList<CalibrationEntry> Entries { get; init; }

    /// <summary>How accuracy grows and saturates, for every family of strategies and difficulty.</summary>
    public required IReadOnlyList<FamilyLaw> Laws { get; init; }

    /// <summary>How difficulty is told from probes; null where there were too few problems to find out.</summary>
    public DifficultyMap? Difficulty { get; init; }

    /// <summary>What probing gained at each budget that holds twice the probes.</summary>
    public IReadOnlyList<ProbeGain> Probing { get; init; } = [];

    /// <summary>What reward model and verifier do to those who trust them.</summary>
    public IReadOnlyList<JudgeCurve> Judges { get; init; } = [];
}

/// <summary>A strategy at a budget.</summary>
/// <param name="Strategy">The strategy with its size, as <see cref="Strategies.StrategyText"/> reads it.</param>
/// <param name="Budget">Tokens that it was given, at least 1.</param>
/// <param name="NeedsReward">Whether it needs the reward model.</param>
/// <param name="Verifier">The verifier that it leaned on; null for none.</param>
/// <param name="Results">What it came to: on all problems, and on those of each difficulty where that was found out.</param>
public sealed record CalibrationEntry(string Strategy, long Budget, bool NeedsReward, string? Verifier, IReadOnlyList<CalibrationResult> Results)
{
    /// <summary>What it came to on problems of a difficulty; on all where nothing is known of that one.</summary>
    public CalibrationResult On(Difficulty difficulty) =>
        Results.FirstOrDefault(result => result.Difficulty == difficulty) ?? Results.First(result => result.Difficulty == Difficulty.All);
}

/// <summary>What a strategy came to on some problems.</summary>
/// <param name="Difficulty">Which.</param>
/// <param name="Problems">How many, at least 1.</param>
/// <param name="Accuracy">The part that it got right.</param>
/// <param name="StandardError">The accuracy's standard error over problems.</param>
/// <param name="Tokens">Tokens that it drew for one, on average.</param>
public sealed record CalibrationResult(Difficulty Difficulty, int Problems, double Accuracy, double StandardError, double Tokens);

/// <summary>The law of a family of strategies, which differ in size only.</summary>
/// <param name="Family">The strategy without its size.</param>
/// <param name="Difficulty">The problems that it holds for.</param>
/// <param name="Law">The law.</param>
public sealed record FamilyLaw(string Family, Difficulty Difficulty, SaturationLaw Law);

/// <summary>What it is worth at a budget to look at probes before choosing, found by choosing on one half of the problems and looking at the other.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Gain">Accuracy more than without, what the probes cost taken off.</param>
/// <param name="StandardError">Its standard error over problems.</param>
public sealed record ProbeGain(long Budget, double Gain, double StandardError)
{
    /// <summary>Whether probing clearly gains.</summary>
    public bool Pays => Gain > 2 * StandardError;
}

/// <summary>What choosing by a judge that can be wrong comes to, the more answers it may choose from. Stroebl et al., arXiv 2411.17501.</summary>
/// <param name="Judge">The reward model's or the verifier's name.</param>
/// <param name="IsVerifier">Whether it is a verifier.</param>
/// <param name="FalsePositiveRate">The part of the wrong answers that it accepts; null where none was wrong.</param>
/// <param name="BestSamples">The number of answers with the highest accuracy.</param>
/// <param name="Falls">Whether the accuracy clearly falls beyond it.</param>
/// <param name="Accuracies">The accuracy for numbers of answers, ascending.</param>
public sealed record JudgeCurve(string Judge, bool IsVerifier, double? FalsePositiveRate, int BestSamples, bool Falls, IReadOnlyList<JudgePoint> Accuracies);

/// <summary>A point of such a curve.</summary>
/// <param name="Samples">Answers to choose from.</param>
/// <param name="Accuracy">The part of the problems whose best-judged answer is right.</param>
public sealed record JudgePoint(int Samples, double Accuracy);
