using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>One answer, taken as it is: what every other strategy has to beat.</summary>
/// <param name="temperature">Its temperature, 0 for the most likely token each time; null as in the settings.</param>
public sealed class SingleAnswer(double? temperature = null) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "single", "Draws one answer and takes it.", "the baseline", "1 answer",
        [StrategyOption.FromSettings("temperature", "Its temperature; 0 is greedy.", 0, 100)],
        values => new SingleAnswer(values.NumberOrNull("temperature")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var sampling = session.Settings.Sampling;
        var answers = await session.SampleAsync(
            1, new ExtendOptions { Sampling = sampling with { Temperature = temperature ?? sampling.Temperature } }).ConfigureAwait(false);
        return new Choice(answers.FirstOrDefault(thought => thought.Answer is not null), null);
    }
}
