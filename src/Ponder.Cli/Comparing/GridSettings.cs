using System.Globalization;
using Ponder.Cli.Solving;
using Ponder.Inference;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Comparison;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;

namespace Ponder.Cli.Comparing;

/// <summary>
/// Everything that the results of a grid depend on, by the names that users know it by. How many threads compute and how many problems run at once is
/// not among it: results do not depend on that.
/// </summary>
/// <param name="Work">Who solves what.</param>
/// <param name="Grid">What is compared.</param>
/// <param name="Settings">How is thought.</param>
/// <param name="Reward">The reward's name or path; null for none.</param>
/// <param name="Aggregation">How the rewards of steps become one.</param>
/// <param name="Verifier">The verifier, as the user named it.</param>
/// <param name="Precision">What products are computed in.</param>
internal sealed record GridSettings(
    Assignment Work, ComparisonGrid Grid, SolveSettings Settings, string? Reward, Aggregation Aggregation, string Verifier, Precision Precision)
{
    /// <summary>Name and text of each.</summary>
    /// <param name="engine">The engine that thinks.</param>
    public IReadOnlyList<KeyValuePair<string, string>> With(Engine engine) =>
    [
        new("model", Fingerprint.OfModel(ModelLocator.Find(Work.Model))),
        new("problems", Fingerprint.OfProblems(Work.File, Work.Problems)),
        new("number of problems", Text(Work.Problems.Count)),
        new("tasks", string.Join(',', Work.Problems.Select(problem => problem.Task).Distinct())),
        new("strategies", string.Join(", ", Grid.Strategies)),
        new("control", Grid.Control),
        new("budgets", string.Join(',', Grid.Budgets.Select(TokenBudgets.Name))),
        new("seeds", string.Join(',', Grid.Seeds.Select(seed => Text(seed)))),
        new("reward", Reward is null || RewardTable.All.Any(row => row.Name == Reward) ? Reward ?? "" : Fingerprint.OfModel(Reward)),
        new("reward aggregation", Reward is null ? "" : $"{Aggregation}"),
        new("verifier", Verifier),
        new("sampling", $"{Settings.Sampling with { Seed = 0, LogitBias = Usual.LogitBias, DrySequenceBreakers = Usual.DrySequenceBreakers }}"),
        new("logit biases", string.Join(' ', Settings.Sampling.LogitBias.OrderBy(bias => bias.Key).Select(bias => $"{Text(bias.Key)}={Text(bias.Value)}"))),
        new("sequence breakers", Quoted(Settings.Sampling.DrySequenceBreakers)),
        new("most tokens of a thought", Text(Settings.MaxTokens)),
        new("stop texts", Quoted(Settings.Stop)),
        new("step", Settings.StepDelimiter),
        new("precision", $"{Precision}"),
        new("KV format", $"{engine.KvFormat}"),
        new("instructions", engine.Path.Name),
    ];

    // The collections of the options are written apart: a record writes their types only.
    private static SamplingOptions Usual { get; } = new();

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    private static string Quoted(IEnumerable<string> texts) => string.Join(' ', texts.Select(text => JsonText.Of(json => json.WriteStringValue(text))));
}
