using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Composition;

public sealed class SolveDetectVerifyTests
{
    private const string Thinking = "three plus four wait is it seven Wait yes it is hmm = 8";

    /// <summary>
    /// Thinks; says that it is done from the second "wait" on, and made to answer it says 7. Thought 2 is the prompt of the quick checks, so that 3 to 6 are the
    /// checks themselves; a thorough one says that it is 9, and so does the refined answer if it was told.
    /// </summary>
    private static ScriptedPolicy Policy(params string[] verdicts) => new(state => ScriptedPolicy.Words(
        state.Prompt.Contains("Look it over quickly", StringComparison.Ordinal) ? $"So. {verdicts[state.Key - 3]}"
        : state.Prompt.Contains("Work it through again", StringComparison.Ordinal) ? "It must be 9. Verdict: No"
        : state.Prompt.Contains("It must be 9.", StringComparison.Ordinal) ? "= 9"
        : state.Prompt.Contains("it is not right", StringComparison.Ordinal) ? "= 6"
        : state.Text.EndsWith("answer:", StringComparison.Ordinal) ? " = 7"
        : Thinking[state.Text.Length..]))
    {
        Choice = (state, reply) => state.Text.Contains("Wait", StringComparison.Ordinal) == (reply == " Yes") ? 0.6 : 0.2,
    };

    private const string Yes = "Verdict: Yes", No = "Verdict: No";

    [Theory]
    [InlineData(Yes, Yes, Yes, Yes, "7", 1.0)]
    [InlineData(Yes, No, Yes, Yes, "7", 0.75)]
    [InlineData(Yes, "Hm", "Hm", Yes, "7", 1.0)]                // those that say nothing have no part in it
    [InlineData(No, No, Yes, No, "6", null)]                    // wrong, by quick checks
    [InlineData(No, No, Yes, Yes, "9", null)]                   // they disagree: the thorough one says wrong, and why
    [InlineData("Hm", "Hm", "Hm", "Hm", "9", null)]
    public async Task A_complete_solution_is_put_at_once_and_checked(string a, string b, string c, string d, string answer, double? confidence)
    {
        var policy = Policy(a, b, c, d);
        using (var session = ScriptedSession.Open(policy))
        {
            var choice = await new SolveDetectVerify().SolveAsync(session);
            choice.Thought!.Answer.ShouldBe(answer);
            choice.Confidence.ShouldBe(confidence);
            session.Thoughts[1].Text.ShouldBe("three plus four wait is it seven Wait \n\nFinal answer: = 7");
            session.Notes.ShouldHaveSingleItem();
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task The_steps_are_those_of_the_paper()
    {
        using var session = ScriptedSession.Open(Policy(Yes, No, No, Yes));
        await new SolveDetectVerify().SolveAsync(session);
        session.Ledger.Steps.Select(step => (step.Name, step.Thoughts)).ShouldBe(
            [("sample", 1), ("ask", 1), ("sample", 1), ("ask", 1), ("answer", 1), ("judge", 4), ("judge", 1), ("refine", 1)]);
        session.Notes.ShouldBe(["Quick checks disagreed; a thorough one found the first answer wrong."]);
        session.Ledger.Samples.ShouldBe(2);
    }

    [Fact]
    public async Task A_thought_that_is_never_done_goes_on_to_its_end()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(state.Prompt.Contains("Look it over", StringComparison.Ordinal) ? Yes : Thinking[state.Text.Length..]))
        {
            Choice = (_, reply) => reply == " No" ? 0.6 : 0.2,
        };
        using var session = ScriptedSession.Open(policy);
        (await new SolveDetectVerify().SolveAsync(session)).Thought!.Text.ShouldBe(Thinking);
    }

    [Fact]
    public async Task A_refined_solution_without_an_answer_takes_no_place()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Prompt.Contains("Look it over", StringComparison.Ordinal) ? No : state.Prompt.Contains("not right", StringComparison.Ordinal) ? "I give up" : "= 8"));
        using var session = ScriptedSession.Open(policy);
        (await new SolveDetectVerify(cues: Cues.Lines).SolveAsync(session)).Thought!.Answer.ShouldBe("8");
        session.Ledger.Samples.ShouldBe(2);
    }

    [Fact]
    public async Task Without_any_verdict_the_answer_stands_and_that_is_said()
    {
        using var session = ScriptedSession.Open(new ScriptedPolicy(_ => ScriptedPolicy.Words("= 8")));
        (await new SolveDetectVerify().SolveAsync(session)).ShouldBe(new Choice(session.Thoughts[1], null));
        session.Notes.ShouldBe(["The answer was not checked: no check came to a verdict."]);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(14)]
    [InlineData(20)]
    public async Task The_budget_is_kept_to_the_token(int tokens)
    {
        var policy = Policy(Yes, No, No, Yes);
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = tokens } });
        var choice = await new SolveDetectVerify().SolveAsync(session);
        policy.Drawn.ShouldBe(tokens);
        choice.Thought?.Answer.ShouldBe("7");
    }
}
