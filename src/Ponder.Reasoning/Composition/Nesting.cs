using Ponder.Inference.Generation;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Composition;

/// <summary>Strategies within strategies: each gets a part of what is left of the budget.</summary>
internal static class Nesting
{
    private const int RequestTokens = 512;

    /// <summary>Whether another strategy can still be begun within the session.</summary>
    public static bool CanBegin(this SolveSession session) => session.CanDraw && session.SamplesLeft > 0;

    /// <summary>Runs a strategy on a problem, within the session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="inner">The strategy.</param>
    /// <param name="problem">The session's own, or another.</param>
    /// <param name="part">The part of what is left that may be spent, above 0 and at most 1.</param>
    /// <param name="seed">Null for the session's.</param>
    /// <returns>What it chose; nothing where there is nothing left, or the policy's context does not hold the problem, which is noted.</returns>
    public static async Task<Choice> SolveAsync(this SolveSession session, IStrategy inner, Problem problem, double part = 1, ulong? seed = null)
    {
        if (!session.CanBegin())
            return Choice.None;
        var settings = session.Settings with
        {
            Budget = session.PartOfBudget(part),
            Seed = seed ?? session.Settings.Seed,
            Verifier = problem.IsPart ? null : session.Settings.Verifier,       // what checks the whole cannot check a part
        };
        using var within = session.Within(problem, settings);
        try
        {
            return await inner.SolveAsync(within).ConfigureAwait(false);
        }
        catch (ContextLengthException error)
        {
            session.Note($"A part of the thinking was left out: {error.Message}");
            return Choice.None;
        }
    }

    /// <summary>Draws a reply to a request about the problem that is no answer to it: a plan, a question put anew.</summary>
    /// <param name="session">The session.</param>
    /// <param name="request">The whole of the request.</param>
    /// <param name="step">The step's name in the ledger.</param>
    /// <param name="part">The part of what is left that may be spent, above 0 and at most 1.</param>
    /// <returns>The reply, at most 512 tokens of it; empty where the budget or the policy's context holds none.</returns>
    public static async Task<string> ConsultAsync(this SolveSession session, string request, string step, double part)
    {
        var settings = session.Settings with
        {
            Budget = session.PartOfBudget(part),
            MaxTokens = Math.Min(RequestTokens, session.Settings.MaxTokens),
        };
        using var within = session.Within(settings: settings);
        var reply = await within.AskAsync(session.Problem.Prompt.Instead(request), step, isAnswer: false).ConfigureAwait(false);
        return reply?.Text.Trim() ?? "";
    }

    private static Budget PartOfBudget(this SolveSession session, double part) => new()
    {
        Tokens = PartOf(session.TokensLeft, part),
        SequentialTokens = PartOf(session.SequentialTokensLeft, part),
        Samples = session.SamplesLeft == int.MaxValue ? null : (int?)PartOf(session.SamplesLeft, part),
    };

    private static long? PartOf(long left, double part) => left == long.MaxValue ? null : Math.Max(1, part < 1 ? (long)((left * part) + 1e-9) : left);
}
