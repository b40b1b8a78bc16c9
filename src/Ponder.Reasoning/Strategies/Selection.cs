using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>What strategies that go by the reward have in common.</summary>
internal static class Selection
{
    /// <summary>To the end, with the memory kept where the reward reads from it: one that asks the policy itself.</summary>
    public static ExtendOptions ToScore(this SolveSession session) => new()
    {
        Hold = (session.Settings.Reward?.Needs & (PolicyFeatures.Choices | PolicyFeatures.HiddenStates)) is not (null or PolicyFeatures.None),
    };

    /// <summary>Scores answers and frees their memory.</summary>
    /// <returns>The thoughts that came to an answer, in the order of their numbers.</returns>
    public static async Task<IReadOnlyList<Thought>> ScoreAnswersAsync(this SolveSession session, IEnumerable<Thought> thoughts)
    {
        Thought[] answers = [.. thoughts.Where(thought => thought.Answer is not null).OrderBy(thought => thought.Number)];
        await session.ScoreAsync(answers).ConfigureAwait(false);
        foreach (var thought in answers)
            session.Release(thought);
        return answers;
    }

    /// <summary>Scores answers and takes the best: of several the first; one without a reward only when none has one.</summary>
    public static async Task<Choice> BestAsync(this SolveSession session, IEnumerable<Thought> thoughts) =>
        Choice.Best(await session.ScoreAnswersAsync(thoughts).ConfigureAwait(false), thought => thought.Reward);

    /// <summary>Scores thoughts and gives up all but the best part of them; at least one is kept.</summary>
    /// <param name="session">Theirs.</param>
    /// <param name="thoughts">Partial thoughts.</param>
    /// <param name="part">The part that is kept, above 0 and at most 1; rounded up.</param>
    /// <returns>Those that were kept, the best first.</returns>
    public static async Task<IReadOnlyList<Thought>> KeepBestAsync(this SolveSession session, IReadOnlyList<Thought> thoughts, double part)
    {
        int kept = KeptOf(thoughts.Count, part);
        if (kept == thoughts.Count)
            return thoughts;                                    // nothing to decide: no reward tokens for it
        await session.ScoreAsync(thoughts).ConfigureAwait(false);
        Thought[] ranked = [.. thoughts.OrderByDescending(thought => thought.Reward ?? double.NegativeInfinity).ThenBy(thought => thought.Number)];
        session.Reject(ranked.Skip(kept));
        return ranked[..kept];
    }

    /// <summary>How many of a number are a part of it, rounded up. A hair's breadth above a whole number, as 0.1 * 30 is, counts as that number.</summary>
    public static int KeptOf(int count, double part) => Math.Clamp((int)Math.Ceiling((count * part) - 1e-9), Math.Min(1, count), count);
}
