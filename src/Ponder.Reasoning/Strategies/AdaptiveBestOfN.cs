using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Adaptive best-of-N: the policy itself says how likely a fresh start would do better. Partial answers of which it thinks so most are given up,
/// and no more are drawn once it thinks so of the best no longer. Manvi, Singh and Ermon, arXiv 2410.02725.
/// </summary>
/// <remarks>
/// The paper trains the model for the question; here it is asked as any model can be, in words, and is less well calibrated for it. The first
/// answer is drawn alone and greedily; each round then draws as many as there were before, at a temperature that comes nearer to that of the settings:
/// T * (1 - 2^-i) behind i answers.
/// </remarks>
/// <param name="samples">Most answers begun, at least 1.</param>
/// <param name="threshold">Draws more while the best answer's probability that a fresh start does better is above it, 0 to 1.</param>
/// <param name="pruneAt">Tokens after which the partial answers of a round are compared; 0 for never.</param>
/// <param name="keep">The part of them that is kept, above 0 and at most 1; rounded up.</param>
public sealed class AdaptiveBestOfN(int samples = 16, double threshold = 0.5, int pruneAt = 64, double keep = 0.5) : IStrategy
{
    /// <summary>What the policy is asked behind an answer, partial or whole.</summary>
    internal const string Question = "\n\nWould starting over lead to a better response than this one? Answer yes or no:";

    private static readonly string[] Replies = [" yes", " no"];

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "adaptive-best-of-n", "Draws more samples only while the policy expects a fresh start to do better, and takes the one it would least do over.",
        "Manvi et al., arXiv 2410.02725", "1 to N answers, a question behind each",
        [
            StrategyOption.Samples(16),
            StrategyOption.Number("threshold", 0.5, "Draws more while the probability of doing better is above it.", 0, 1),
            StrategyOption.Whole("prune-at", 64, "Tokens after which partial samples are compared; 0 for never.", least: 0),
            StrategyOption.Number("keep", 0.5, "The part of the partial samples that is kept.", 0.001, 1),
        ],
        values => new AdaptiveBestOfN(values.Whole("samples"), values.Number("threshold"), values.Whole("prune-at"), values.Number("keep")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches | PolicyFeatures.Choices;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        (Thought Thought, double Better)? best = null;
        int begun = 0;
        while (begun < samples && session.CanDraw && !(best?.Better <= threshold))
        {
            var round = session.Fork(session.Root, Math.Clamp(begun, 1, samples - begun));
            if (round.Count == 0)
                break;
            foreach (var thought in await DrawAsync(session, round, Temperature(session, begun)).ConfigureAwait(false))
            {
                double better = await CanDoBetterAsync(session, thought).ConfigureAwait(false);
                session.Release(thought);
                if (best is null || better < best.Value.Better)
                    best = (thought, better);
            }
            begun += round.Count;
        }
        return best is null ? Choice.None : new Choice(best.Value.Thought, 1 - best.Value.Better);
    }

    private static double Temperature(SolveSession session, int begun) => session.Settings.Sampling.Temperature * (1 - Math.Pow(2, -begun));

    // The answers of a round: all side by side up to the length at which they are compared, the better ones to their ends.
    private async Task<IEnumerable<Thought>> DrawAsync(SolveSession session, IReadOnlyList<Thought> round, double temperature)
    {
        var toEnd = new ExtendOptions { Sampling = session.Settings.Sampling with { Temperature = temperature }, Hold = true };
        int kept = Selection.KeptOf(round.Count, keep);
        if (pruneAt > 0 && kept < round.Count)
        {
            await session.ExtendAsync(round, toEnd with { MaxTokens = pruneAt }).ConfigureAwait(false);
            var partial = new List<(Thought Thought, double Better)>();
            foreach (var thought in round.Where(thought => thought.IsOpen))
                partial.Add((thought, await CanDoBetterAsync(session, thought).ConfigureAwait(false)));
            kept = Selection.KeptOf(partial.Count, keep);
            session.Reject(partial.OrderBy(pair => pair.Better).ThenBy(pair => pair.Thought.Number).Skip(kept).Select(pair => pair.Thought));
        }
        await session.ExtendAsync(round, toEnd).ConfigureAwait(false);
        return round.Where(thought => thought.Answer is not null);
    }

    private static async Task<double> CanDoBetterAsync(SolveSession session, Thought thought)
    {
        double[] replies = await session.ChoicesAsync(thought, Question, Replies).ConfigureAwait(false);
        double both = replies[0] + replies[1];
        return both > 0 ? replies[0] / both : 0.5;
    }
}
