using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Composition;

/// <summary>
/// Atom of Thoughts: breaks the question into parts, solves those that need no other, and contracts it with what they found into a simpler question with the
/// same answer; and so on with that one, which knows nothing of how it came about. The answers to the question itself, to the question beside the answers to all
/// its parts, and to each simpler question vote; of several the earliest wins, and so the direct one. (The paper has the policy judge between them.)
/// Teng et al., arXiv 2502.12018.
/// </summary>
/// <param name="inner">Solves parts and questions; one that needs a verifier cannot: nothing checks parts.</param>
/// <param name="rounds">Most contractions, at least 1; the paper goes by the depth of the first decomposition.</param>
/// <param name="mostParts">Most parts of a question, at least 2.</param>
public sealed class AtomOfThoughts(IStrategy inner, int rounds = 2, int mostParts = 6) : IStrategy
{
    // What the direct answer, or a request, may spend of a limited budget.
    private const double DirectPart = 1 / 3.0, RequestPart = 1 / 4.0;

    private readonly IStrategy _inner = Decomposition.ForParts(inner, Row.Name);

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "atom-of-thoughts", "Solves the parts of a question, puts it more simply with what they gave, and votes over the answers.", "Teng et al., arXiv 2502.12018",
        "up to 1 + R (parts + 2) times the inner strategy, and 2 R requests",
        [
            StrategyOption.Strategy("inner", "single", "The strategy that solves parts and questions."),
            StrategyOption.Whole("rounds", 2, "Most times that the question is put more simply.", most: 16),
            Decomposition.MostParts,
        ],
        values => new AtomOfThoughts(values.Strategy("inner"), values.Whole("rounds"), values.Whole("parts")));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => _inner.Needs;

    /// <inheritdoc/>
    public bool NeedsReward => _inner.NeedsReward;

    /// <inheritdoc/>
    public bool NeedsDrafter => _inner.NeedsDrafter;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var answers = new List<Choice> { await session.SolveAsync(_inner, session.Problem, DirectPart).ConfigureAwait(false) };
        var problem = session.Problem;
        for (int round = 0; round < rounds && problem is not null && session.CanBegin(); round++)
        {
            var parts = await Decomposition.BreakAsync(session, problem, mostParts, RequestPart).ConfigureAwait(false);
            if (parts.Count < 2)
            {
                if (round == 0)
                    session.Note("The policy did not break the question into parts: it was answered directly.");
                break;
            }
            problem = await RoundAsync(session, problem, parts, answers, isLast: round == rounds - 1).ConfigureAwait(false);
        }
        return answers.Where(choice => choice.Thought?.Answer is not null).ToArray() is [var only]
            ? only                                              // what its strategy makes of it says more than a vote of one
            : Choice.ByMajority(answers.Select(choice => choice.Thought).OfType<Thought>(), session.Problem.Answers);
    }

    /// <returns>The simpler problem; null where there is none.</returns>
    private async Task<Problem?> RoundAsync(SolveSession session, Problem problem, IReadOnlyList<Part> parts, List<Choice> answers, bool isLast)
    {
        Part[] free = [.. parts.Where(part => part.Needs.Count == 0)], bound = [.. parts.Except(free)];
        var facts = new List<Fact>();
        int toCome = parts.Count + 2;                           // the parts, the simpler question, and the question beside all parts
        await SolvePartsAsync(free).ConfigureAwait(false);

        Problem? simpler = null;
        if (bound.Length > 0 && facts.Count > 0 && session.CanBegin())
            simpler = await Decomposition.ContractAsync(session, problem, facts, bound, RequestPart).ConfigureAwait(false);
        if (simpler is not null)
            answers.Add(await session.SolveAsync(_inner, simpler, 1.0 / toCome).ConfigureAwait(false));
        toCome--;

        await SolvePartsAsync(bound).ConfigureAwait(false);
        if (facts.Count > 0)
            answers.Add(await session.SolveAsync(_inner, Decomposition.Given(problem, facts), isLast || simpler is null ? 1 : 0.5).ConfigureAwait(false));
        return simpler;

        async Task SolvePartsAsync(Part[] some)
        {
            foreach (var part in some)
            {
                if (await Decomposition.SolveAsync(session, _inner, problem, part, facts, 1.0 / toCome--).ConfigureAwait(false) is { } fact)
                    facts.Add(fact);
            }
        }
    }
}
