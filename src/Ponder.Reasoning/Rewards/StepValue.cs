using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>
/// The policy's opinion whether a thought can still come right: "sure" is worth 20, "likely" 1, "impossible" 0.001, as parts of 20. The mean over the
/// probabilities of these words, where the policy tells them; else over opinions that are drawn. The value prompt of tree of thoughts: Yao et al., arXiv 2305.10601.
/// </summary>
/// <param name="votes">Opinions on each thought, at least 1; not used where probabilities are told. The paper has 3.</param>
public sealed class StepValue(int votes = 3) : IRewardModel
{
    private const int ShortReply = 8;

    private static readonly string[] Words = ["sure", "likely", "impossible"];

    private static readonly double[] Worth = [1, 1.0 / 20, 0.001 / 20];

    /// <inheritdoc/>
    public string Name => "step-value";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => "question and thought read once";

    /// <inheritdoc/>
    public (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    public IScorer Open(SolveSession session) => new JudgeScorer(session, judge: null, JudgeAsync);

    private async Task<double[]> JudgeAsync(Court court, IReadOnlyList<Thought> thoughts)
    {
        var session = court.Session;
        if (!session.Policy.Features.HasFlag(PolicyFeatures.Choices))
        {
            var opinions = await court.HearAsync([.. thoughts.Select(thought => JudgePrompts.Foresee(session.Problem, thought))], votes, ShortReply).ConfigureAwait(false);
            return [.. opinions.Select(heard => Court.Mean(heard, Read))];
        }
        Thought[] cases = [.. thoughts.Select(thought => session.Start(JudgePrompts.Foresee(session.Problem, thought)))];
        double[][] likely = await session.ChoicesAsync(cases, "", Words).ConfigureAwait(false);
        foreach (var thought in cases)
            session.Release(thought);
        return [.. likely.Select(words => words.Zip(Worth, (chance, worth) => chance * worth).Sum() / words.Sum())];
    }

    // The last of the words that a text holds.
    private static double? Read(string text)
    {
        int[] places = [.. Words.Select(word => text.LastIndexOf(word, StringComparison.OrdinalIgnoreCase))];
        return places.Max() < 0 ? null : Worth[Array.IndexOf(places, places.Max())];
    }
}
