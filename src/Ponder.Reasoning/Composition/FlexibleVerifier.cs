using Ponder.Inference.Generation;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Composition;

/// <summary>
/// FlexiVe: quick checks of a solution side by side; where they agree well enough, that is the verdict, and else a thorough check decides. Zhong et al.,
/// arXiv 2505.11966.
/// </summary>
/// <param name="checks">Quick checks, at least 1.</param>
/// <param name="agreement">The part of the quick checks that must agree, above 0.5 and at most 1.</param>
/// <param name="quickTokens">Most tokens of a quick check, at least 1.</param>
internal sealed class FlexibleVerifier(int checks, double agreement, int quickTokens)
{
    /// <summary>Checks a solution.</summary>
    /// <returns>The verdict.</returns>
    public async Task<Finding> CheckAsync(SolveSession session, Thought solution)
    {
        string question = session.Problem.Question;
        var quick = await HearAsync(session, CompositionPrompts.CheckFast(question, solution.Text), checks, quickTokens).ConfigureAwait(false);
        var agreed = quick.GroupBy(opinion => opinion.IsRight).FirstOrDefault(group => group.Count() >= (agreement * quick.Count) - 1e-9);
        if (agreed is not null)
            return new Finding(agreed.Key, (double)agreed.Count() / quick.Count, agreed.First().Text, IsThorough: false);

        var thorough = await HearAsync(session, CompositionPrompts.CheckSlowly(question, solution.Text), 1, null).ConfigureAwait(false);
        return thorough is [var opinion] ? new Finding(opinion.IsRight, null, opinion.Text, IsThorough: true) : new Finding(null, null, null, IsThorough: true);
    }

    private static async Task<IReadOnlyList<Opinion>> HearAsync(SolveSession session, string request, int votes, int? maxTokens)
    {
        using var court = new Court(session, judge: null);
        try
        {
            var heard = (await court.HearAsync([session.Problem.Prompt.Instead(request)], votes, maxTokens).ConfigureAwait(false))[0];
            return [.. heard.Select(Read).OfType<Opinion>()];
        }
        catch (ContextLengthException error)
        {
            session.Note($"A check was left out: {error.Message}");
            return [];
        }
    }

    private static Opinion? Read(Thought opinion) => JudgePrompts.ReadYes(opinion.Text) is double yes ? new Opinion(yes > 0, opinion.Text) : null;

    private sealed record Opinion(bool IsRight, string Text);

    /// <summary>What checks came to.</summary>
    /// <param name="IsRight">Null where none said anything.</param>
    /// <param name="Agreement">The part of the quick checks that say so; null for a thorough one.</param>
    /// <param name="Reason">The words of the first check that says so; null for none.</param>
    /// <param name="IsThorough">A thorough check was made.</param>
    internal sealed record Finding(bool? IsRight, double? Agreement, string? Reason, bool IsThorough);
}
