using Ponder.Models.Templates;
using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tasks;

namespace Ponder.Reasoning.Composition;

/// <summary>Takes a problem apart, has its parts solved, and puts it again with what was found.</summary>
internal static class Decomposition
{
    // A question that is put anew in more words than this is not simpler any more.
    private const int LongestQuestion = 4_000;

    /// <summary>The options of the rows of strategies that take problems apart.</summary>
    public static StrategyOption MostParts { get; } = StrategyOption.Whole("parts", 6, "Most parts of a question.", least: 2, most: 50);

    /// <summary>The strategy, if it can solve parts.</summary>
    /// <param name="inner">The strategy.</param>
    /// <param name="outer">The name of the one that takes problems apart.</param>
    /// <exception cref="StrategyException">It needs a verifier.</exception>
    public static IStrategy ForParts(IStrategy inner, string outer) => inner.NeedsVerifier
        ? throw new StrategyException($"The strategy {outer} cannot have {inner.Name} solve parts of a problem: it needs a verifier, and nothing checks parts.")
        : inner;

    /// <summary>Has the policy break a problem into parts.</summary>
    /// <returns>The parts; fewer than two where it cannot.</returns>
    public static async Task<IReadOnlyList<Part>> BreakAsync(SolveSession session, Problem problem, int most, double budget)
    {
        string plan = await session.ConsultAsync(CompositionPrompts.Decompose(problem.Question, most), "decompose", budget).ConfigureAwait(false);
        var parts = PartList.Read(plan, most);
        return parts.Any(CompositionPrompts.IsExample) ? [] : parts;
    }

    /// <summary>Has a strategy solve a part.</summary>
    /// <returns>What was found; null for nothing.</returns>
    public static async Task<Fact?> SolveAsync(SolveSession session, IStrategy inner, Problem whole, Part part, IReadOnlyList<Fact> facts, double budget)
    {
        var problem = whole with
        {
            Id = $"{whole.Id}.{part.Number}",
            Prompt = whole.Prompt.Instead(CompositionPrompts.Ask(whole.Question, facts, part, TaskPrompts.Text)),
            Question = part.Question,
            Answers = MathAnswers.Instance,
            Verifier = null,
            Grader = null,
            IsPart = true,
        };
        var choice = await session.SolveAsync(inner, problem, budget).ConfigureAwait(false);
        return choice.Thought?.Answer is string answer ? new Fact(part.Question, answer) : null;
    }

    /// <summary>The problem with facts beside its question.</summary>
    public static Problem Given(Problem problem, IReadOnlyList<Fact> facts) =>
        facts.Count == 0 ? problem : Restate(problem, CompositionPrompts.Given(problem.Question, facts));

    /// <summary>Has the policy put a problem more simply, with facts as given.</summary>
    /// <returns>The problem with the new question; null where it found none.</returns>
    public static async Task<Problem?> ContractAsync(SolveSession session, Problem problem, IReadOnlyList<Fact> facts, IEnumerable<Part> open, double budget)
    {
        string question = await session.ConsultAsync(CompositionPrompts.Contract(problem.Question, facts, open), "contract", budget).ConfigureAwait(false);
        return question.Length is 0 or > LongestQuestion || question == problem.Question ? null : Restate(problem, question);
    }

    /// <summary>
    /// The problem with another question that has the same answer. It is asked for as the problem's own prompt does, with all that this says about the
    /// form of the answer: the question in it is replaced; where it does not stand there word by word, the new one is put behind it.
    /// </summary>
    public static Problem Restate(Problem problem, string question)
    {
        var prompt = problem.Prompt;
        string asked = prompt.Text ?? prompt.Turns[^1].Content ?? "";
        string old = problem.Question.Trim();
        string anew = old.Length > 0 && asked.Contains(old, StringComparison.Ordinal)
            ? asked.Replace(old, question, StringComparison.Ordinal)
            : $"{asked}\n\nThe same in other words:\n{question}\n\n";
        return problem with
        {
            Question = question,
            Prompt = prompt.Text is null ? Prompt.Chat([.. prompt.Turns.SkipLast(1), new ChatTurn(prompt.Turns[^1].Role, anew)]) : Prompt.Plain(anew),
        };
    }
}
