using System.Text;

namespace Ponder.Reasoning.Composition;

/// <summary>What composed strategies say to the policy, in the project's own words.</summary>
internal static class CompositionPrompts
{
    /// <summary>Asks how much the last step of an unfinished answer is worth; one digit is the reply, right behind the text.</summary>
    public const string RateStep =
        "\n\nHow much does the last step above help to answer the question rightly? From 0 (wrong or useless) to 9 (right and useful).\nScore=";

    /// <summary>The question whether a thought has come to the answer, and the beginning of the reply.</summary>
    public const string IsComplete = "\n\nIs the solution above complete, so that the final answer can be given now (Yes/No)? Reply:";

    // Shown to policies that make little of a description. Small ones give it back as it is.
    private const string ExampleQuestion = "A shop has 5 bags of 6 apples. It sells 8 apples. How many are left?";
    private static readonly string[] ExampleParts = ["How many apples are in the bags?", "How many apples are left when 8 are sold?"];

    /// <summary>Asks for the parts of a question.</summary>
    public static string Decompose(string question, int most) =>
        $"Break a question into as few smaller questions as it takes, at most {most}, that are each easy to answer and together settle it. Do not answer them. "
        + $"Write one line for each, and say which others it needs.\n\nAn example:\n{ExampleQuestion}\n1. {ExampleParts[0]} (needs none)\n2. {ExampleParts[1]} (needs 1)\n\n"
        + $"The question:\n{question}\n\nIts smaller questions, one line for each, with numbers as in the example:";

    /// <summary>Whether a part is that of the example, and so nobody's own.</summary>
    public static bool IsExample(Part part) => ExampleParts.Contains(part.Question, StringComparer.OrdinalIgnoreCase);

    /// <summary>Asks one of the parts.</summary>
    public static string Ask(string question, IReadOnlyList<Fact> facts, Part part, string form) =>
        $"This is a part of a larger question:\n{question}{Known(facts)}\n\nAnswer this part of it alone: {part.Question}\n\n{form}";

    /// <summary>A question with what is known already.</summary>
    public static string Given(string question, IReadOnlyList<Fact> facts) => question + Known(facts);

    /// <summary>Asks for a simpler question with the same answer.</summary>
    public static string Contract(string question, IReadOnlyList<Fact> facts, IEnumerable<Part> open) =>
        $"Question:\n{question}{Known(facts)}\n\nStill to be found:{Lines(open.Select(part => part.Question))}\n\n"
        + "Do not answer it. Write one question that is simpler but has the same answer: take what is known as given, put it into the question, and keep any options that are listed. "
        + "Whoever answers it sees nothing else. Write this question alone.";

    /// <summary>Asks how hard a part is; one digit is the reply, right behind the text.</summary>
    public static string RatePart(string question, Part part) =>
        $"This is a part of a larger question:\n{question}\n\nThe part: {part.Question}\n\n"
        + "How hard is this part alone? From 0 (a matter of course) to 9 (needs long thought). Reply with one digit.";

    /// <summary>Asks how hard a whole question is.</summary>
    public static string RateWhole(string question) =>
        $"Question:\n{question}\n\nHow hard is it? From 0 (a matter of course) to 9 (needs long thought). Reply with one digit.";

    /// <summary>Asks for a quick opinion of a solution.</summary>
    public static string CheckFast(string question, string solution) => About(question, solution)
        + "Look it over quickly. Say in one short sentence whether there is a mistake, and where. "
        + "Then end with one line of this form: Verdict: Yes, if its answer is correct, or Verdict: No, if it is not.";

    /// <summary>Asks for a thorough check of a solution.</summary>
    public static string CheckSlowly(string question, string solution) => About(question, solution)
        + "Work it through again from the beginning, step by step, and say of each step whether it holds, and of one that does not, how to mend it. "
        + "Then end with one line of this form: Verdict: Yes, if its answer is correct, or Verdict: No, if it is not.";

    private static string About(string question, string solution) => $"Question:\n{question}\n\nSolution:\n{solution.Trim()}\n\n";

    private static string Known(IReadOnlyList<Fact> facts) =>
        facts.Count == 0 ? "" : "\n\nWhat is known already:" + Lines(facts.Select(fact => $"{fact.Question} {fact.Answer}"));

    private static string Lines(IEnumerable<string> items)
    {
        var text = new StringBuilder();
        foreach (string item in items)
            text.Append("\n- ").Append(item);
        return text.ToString();
    }
}
