using Ponder.Reasoning.Auto;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Auto;

/// <summary>Calibrations made by hand, for the scripted policy.</summary>
internal static class Tables
{
    /// <summary>An entry with one accuracy for all problems, or with others for the easy, the medium and the hard ones.</summary>
    public static CalibrationEntry Entry(string strategy, long budget, double accuracy, params double[] byDifficulty) => new(
        strategy, budget, StrategyText.Create(strategy).NeedsReward, null,
        [
            new CalibrationResult(Difficulty.All, 90, accuracy, 0.01, budget),
            .. byDifficulty.Select((part, i) => new CalibrationResult((Difficulty)(i + 1), 30, part, 0.02, budget)),
        ]);

    /// <summary>A task whose usual answer has 10 tokens.</summary>
    public static TaskCalibration Task(params CalibrationEntry[] entries) => new()
    {
        Task = "open",
        Problems = 90,
        AnswerTokens = 10,
        Entries = entries,
        Laws = [],
    };

    /// <summary>The table of the scripted policy.</summary>
    public static CalibrationTable Of(params TaskCalibration[] tasks) => new()
    {
        Model = new ModelFingerprint("script", 0, ""),
        Reward = "script",
        MaxTokens = 1024,
        Temperature = 1,
        Tasks = tasks,
    };
}
