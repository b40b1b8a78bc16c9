using Ponder.Inference.Generation;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>Requests other than the problem's own.</summary>
internal static class Asking
{
    /// <summary>Draws one whole answer to the problem's own prompt; null where the budget holds none.</summary>
    public static async Task<Thought?> AskAsync(this SolveSession session) =>
        await session.SampleAsync(1).ConfigureAwait(false) is [var answer] ? answer : null;

    /// <summary>Draws one whole answer to a prompt.</summary>
    /// <param name="session">The session.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="step">The step's name in the ledger.</param>
    /// <param name="isAnswer">Whether it answers the problem, and so counts as a sample.</param>
    /// <returns>The answer; null where the budget holds none, or the policy's context does not hold the prompt, which is noted.</returns>
    public static async Task<Thought?> AskAsync(this SolveSession session, Prompt prompt, string step, bool isAnswer)
    {
        Thought root;
        try
        {
            root = session.Start(prompt, isAnswer);
        }
        catch (ContextLengthException error)
        {
            session.Note($"The conversation ended before its time: {error.Message}");
            return null;
        }
        var answers = await session.SampleAsync(1, new ExtendOptions { Step = step }, root).ConfigureAwait(false);
        session.Release(root);
        return answers is [var answer] ? answer : null;
    }
}
