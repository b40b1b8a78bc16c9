using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class IterativeDecodingTests
{
    // Every answer is one more than the one before.
    private static ScriptedPolicy Counting() => new(state => ScriptedPolicy.Words($"= {state.Prompt.Split("= ").Length}"));

    private static SolveSettings Wanting(string answer) => new()
    {
        Verifier = new ScriptedVerifier(text => text.EndsWith(answer, StringComparison.Ordinal)
            ? new Verdict(true, answer) : new Verdict(false, null, $"{text[2..]} is too small.")),
    };

    [Fact]
    public async Task Answers_again_with_the_reason_until_it_is_verified()
    {
        var policy = Counting();
        using (var session = ScriptedSession.Open(policy, Wanting("3")))
        {
            var choice = await new IterativeDecoding().SolveAsync(session);

            (choice.Thought!.Answer, choice.Confidence).ShouldBe(("3", 1));
            (session.Ledger.Samples, session.Ledger.Verified).ShouldBe((3, 3));
            string prompt = choice.Thought.Prompt.Text!;
            prompt.ShouldStartWith("What is it? = 1\n\n");
            prompt.IndexOf("1 is too small.", StringComparison.Ordinal).ShouldBeLessThan(prompt.IndexOf("2 is too small.", StringComparison.Ordinal));
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_verified_answer_the_last_one_is_taken_unsure()
    {
        using var session = ScriptedSession.Open(Counting(), Wanting("9"));
        var choice = await new IterativeDecoding(rounds: 2).SolveAsync(session);
        (choice.Thought!.Answer, choice.Confidence, session.Ledger.Samples).ShouldBe(("3", null, 3));
    }

    [Fact]
    public async Task An_answer_that_is_too_long_is_asked_for_again()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            state.Prompt.Contains("be shorter", StringComparison.Ordinal) ? "= 3" : "well let me see now = 3"));
        using var session = ScriptedSession.Open(policy, Wanting("3") with { MaxTokens = 4 });
        var choice = await new IterativeDecoding().SolveAsync(session);
        choice.Thought!.Answer.ShouldBe("3");
        session.Ledger.Verified.ShouldBe(1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    public async Task The_budget_is_kept_to_the_token(int tokens)
    {
        var policy = Counting();
        using var session = ScriptedSession.Open(policy, Wanting("9") with { Budget = new Budget { Tokens = tokens } });
        await new IterativeDecoding().SolveAsync(session);
        policy.Drawn.ShouldBe(tokens);
    }
}
