using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class CotPotTests
{
    // Thoughts: the root 0, words 1 to 4, the programs' root 5, programs 6 to 9.
    private static ScriptedPolicy Policy(string[] words, string[] programs) => new(state => ScriptedPolicy.Words(
        state.Prompt.Contains("program", StringComparison.Ordinal)
            ? $"Here:\n```python\n{programs[(int)state.Key - words.Length - 2]}\n```" : words[(int)state.Key - 1]));

    [Fact]
    public async Task An_answer_of_both_kinds_weighs_more()
    {
        // 1 has three votes in words, 2 has two of two kinds, which count twice: 4 against 3. 8 is a program's alone; one fails.
        var policy = Policy(["= 1", "= 1", "= 2", "= 1"], ["print(2)", "print(8)", "fail", "print()"]);
        using (var session = ScriptedSession.Open(policy, new SolveSettings { Runner = new FakeRunner() }))
        {
            var choice = await new CotPot(8).SolveAsync(session);

            choice.Thought!.Answer.ShouldBe("2");
            choice.Thought.Number.ShouldBe(3);                  // the one in words stands for it
            choice.Confidence.ShouldBe(4 / 8.0);
            session.Thoughts[6].Answer.ShouldBe("2");
            session.Thoughts[6].Text.ShouldEndWith("The program printed: = 2\nThe answer is 2");
            session.Thoughts[8].Answer.ShouldBeNull();
            session.Notes.ShouldBe(["A program came to nothing: it failed in line 1.", "A program came to nothing: it printed nothing."]);
            session.Ledger.Samples.ShouldBe(8);
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_preference_it_is_a_vote_of_all()
    {
        var policy = Policy(["= 1", "= 1", "= 2", "= 1"], ["print(2)", "print(8)", "fail", "print(8)"]);
        using var session = ScriptedSession.Open(policy, new SolveSettings { Runner = new FakeRunner() });
        (await new CotPot(8, agreement: 1).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
    }

    [Fact]
    public async Task Where_no_program_can_be_run_all_reason_in_words_and_it_is_said()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("= 1", "= 2", "= 2"));
        (await new CotPot(3).SolveAsync(session)).Thought!.Answer.ShouldBe("2");
        session.Notes.ShouldHaveSingleItem().ShouldContain("No program can be run");
    }

    [Fact]
    public async Task The_budget_is_kept_to_the_token_and_buys_both_kinds()
    {
        var policy = Policy(["= 1", "= 1"], ["print(2)", "print(2)"]);
        // 3 tokens in words, 5 a program, with their ends; each waits until 8 are there for it.
        using var session = ScriptedSession.Open(policy, new SolveSettings { Runner = new FakeRunner(), MaxTokens = 8, Budget = new Budget { Tokens = 12 } });
        await new CotPot(4).SolveAsync(session);
        policy.Drawn.ShouldBe(12);
        session.Thoughts.Where(thought => thought.Answer is not null).Select(thought => thought.Answer).ShouldBe(["1", "1", "2"]);
    }

    [Fact]
    public async Task A_runner_that_hangs_is_left_after_its_time()
    {
        var settings = new SolveSettings { Runner = new FakeRunner(), VerifierTime = TimeSpan.FromMilliseconds(20) };
        using var session = ScriptedSession.Open(Policy(["= 1"], ["hang"]), settings);
        (await new CotPot(2).SolveAsync(session)).Thought!.Answer.ShouldBe("1");
        session.Notes.ShouldHaveSingleItem().ShouldContain("took longer than 0.02 s");
    }

    [Theory]
    [InlineData("print(1)", "print(1)")]
    [InlineData("a\n```\nfirst\n```\nb\n```python\nsecond\nline\n```\nc", "second\nline")]
    [InlineData("```\nwhole\n```\n```\nbroken off", "whole")]
    public void The_last_whole_block_is_the_program(string text, string program) => CodeBlock.Last(text).ShouldBe(program);

    private sealed class FakeRunner : ICodeRunner
    {
        public async Task<CodeRun> RunAsync(string language, string code, CancellationToken cancellationToken)
        {
            language.ShouldBe("python");
            if (code == "hang")
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return code == "fail" ? new CodeRun(false, "= 1", "it failed in line 1.")
                : new CodeRun(true, code == "print()" ? "\n" : $"= {code[6..^1]}\n", null);
        }
    }
}
