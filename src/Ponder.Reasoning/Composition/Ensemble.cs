using Ponder.Inference.Sampling;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Composition;

/// <summary>
/// Runs a strategy several times, each with an even part of the budget and a seed of its own, and lets their answers vote: self-consistency over strategies
/// instead of samples. After Wang et al., arXiv 2203.11171.
/// </summary>
/// <param name="inner">The strategy.</param>
/// <param name="runs">How often, at least 1.</param>
/// <param name="byConfidence">An answer weighs what its run is sure of, 1 where the strategy has no measure of it; else each weighs the same.</param>
public sealed class Ensemble(IStrategy inner, int runs = 4, bool byConfidence = true) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "ensemble", "Runs another strategy several times, and lets the answers vote.", "after Wang et al., arXiv 2203.11171", "R times the inner strategy",
        [
            StrategyOption.Strategy("inner", "majority samples=4", "The strategy that is run."),
            StrategyOption.Whole("runs", 4, "How often it is run.", most: 10_000),
            StrategyOption.OneOf("weight", "confidence", "What an answer weighs: what its run is sure of, or all the same.", "confidence", "same"),
        ],
        values => new Ensemble(values.Strategy("inner"), values.Whole("runs"), values.Name("weight") == "confidence"));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => inner.Needs;

    /// <inheritdoc/>
    public bool NeedsReward => inner.NeedsReward;

    /// <inheritdoc/>
    public bool NeedsVerifier => inner.NeedsVerifier;

    /// <inheritdoc/>
    public bool NeedsDrafter => inner.NeedsDrafter;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var choices = new List<Choice>();
        for (int run = 0; run < runs && session.CanBegin(); run++)
        {
            ulong seed = CounterRandom.Bits(session.Settings.Seed, (ulong)run, 0);
            var choice = await session.SolveAsync(inner, session.Problem, 1.0 / (runs - run), seed).ConfigureAwait(false);
            if (choice.Thought is not { Answer: not null } thought)
                continue;
            if (thought.Verdict?.IsCorrect == true && session.Verifier?.IsExact == true)
                return new Choice(thought, 1);                  // nothing is left to vote on
            choices.Add(choice);
        }
        if (choices is [var only])
            return only;                                        // what its strategy makes of it says more than a vote of one
        var weights = choices.ToDictionary(choice => choice.Thought!, choice => byConfidence ? choice.Confidence ?? 1 : 1);
        return Choice.ByWeightedVote(weights.Keys, session.Problem.Answers, thought => weights[thought]);
    }
}
