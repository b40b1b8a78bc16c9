using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Composition;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Composition;

public sealed class AtomOfThoughtsTests
{
    private static ScriptedPolicy Policy() => new(state => ScriptedPolicy.Words(Eggs.Reply(state.Prompt)));

    [Fact]
    public async Task Direct_contracted_and_decomposed_answers_vote()
    {
        var policy = Policy();
        using (var session = ScriptedSession.Open(policy, problem: Eggs.Problem))
        {
            var choice = await new AtomOfThoughts(new SingleAnswer()).SolveAsync(session);

            choice.Thought!.Answer.ShouldBe("10");
            choice.Confidence!.Value.ShouldBe(2 / 3.0, 1e-12);  // the direct answer is 9
            choice.Thought.Prompt.Text.ShouldBe(Eggs.Simpler + "\nEnd with = and the number.\n");
            policy.Prompts.Select(Eggs.RequestOf).ShouldBe(
            [
                Eggs.Request.Direct, Eggs.Request.Decompose, Eggs.Request.First, Eggs.Request.Contract, Eggs.Request.Simpler,
                Eggs.Request.Second, Eggs.Request.Given, Eggs.Request.Decompose,
            ]);
            policy.Prompts[2].ShouldNotContain("known already");
            policy.Prompts[3].ShouldContain($"- {Eggs.First} 12\n\nStill to be found:\n- {Eggs.Second}\n");
            policy.Prompts[5].ShouldContain($"What is known already:\n- {Eggs.First} 12\n");
            policy.Prompts[6].ShouldBe($"{Eggs.Question}\n\nWhat is known already:\n- {Eggs.First} 12\n- {Eggs.Second} 10\nEnd with = and the number.\n");
            session.Notes.ShouldBeEmpty();
        }
        policy.OpenBranches.ShouldBe(0);
    }

    [Fact]
    public async Task Answers_to_parts_are_no_samples()
    {
        var outcome = await new Solver(Policy(), new AtomOfThoughts(new Majority(2)), new SolveSettings()).SolveAsync(Eggs.Problem);
        outcome.Answer.ShouldBe("10");
        outcome.Ledger.Samples.ShouldBe(10);                    // twice the question, two parts, the simpler question, the question with facts
        outcome.Samples.Select(thought => thought.Answer).ShouldBe(["9", "9", "10", "10", "10", "10"]);
    }

    [Theory]
    [InlineData("= 9")]
    [InlineData("1. How many apples are in the bags? (needs none)\n2. How many apples are left when 8 are sold? (needs 1)\n= 9")]    // the request's own example
    public async Task A_policy_that_cannot_take_it_apart_answers_directly_and_says_so(string reply)
    {
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words(reply));
        using var session = ScriptedSession.Open(policy, problem: Eggs.Problem);
        var choice = await new AtomOfThoughts(new SingleAnswer()).SolveAsync(session);
        choice.ShouldBe(new Choice(session.Thoughts[1], null));
        session.Notes.ShouldHaveSingleItem().ShouldContain("did not break the question into parts");
        policy.Prompts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Parts_that_need_nothing_are_not_contracted()
    {
        var policy = new ScriptedPolicy(state => ScriptedPolicy.Words(
            Eggs.RequestOf(state.Prompt) == Eggs.Request.Decompose ? $"1. {Eggs.First}\n2. {Eggs.Second}" : Eggs.Reply(state.Prompt)));
        using var session = ScriptedSession.Open(policy, problem: Eggs.Problem);
        await new AtomOfThoughts(new SingleAnswer()).SolveAsync(session);
        policy.Prompts.Select(Eggs.RequestOf).ShouldBe(
            [Eggs.Request.Direct, Eggs.Request.Decompose, Eggs.Request.First, Eggs.Request.Second, Eggs.Request.Given]);
    }

    [Fact]
    public async Task The_direct_answer_gets_a_third_of_the_budget_at_most()
    {
        var policy = new ScriptedPolicy(_ => ScriptedPolicy.Words(string.Concat(Enumerable.Repeat("on ", 99))));
        using var session = ScriptedSession.Open(policy, new SolveSettings { Budget = new Budget { Tokens = 90 } }, Eggs.Problem);
        (await new AtomOfThoughts(new SingleAnswer()).SolveAsync(session)).ShouldBe(Choice.None);
        session.Ledger.Steps.Select(step => step.GeneratedTokens).ShouldBe([30, 15]);
    }

    [Fact]
    public async Task A_conversation_keeps_what_is_said_around_the_question()
    {
        var policy = Policy();
        var problem = Eggs.Problem with { Prompt = Prompt.Ask(Eggs.Question + "\n\nEnd with =.", "Be brief.") };
        using var session = ScriptedSession.Open(policy, problem: problem);
        await new AtomOfThoughts(new SingleAnswer(), rounds: 1).SolveAsync(session);
        session.Thoughts.Select(thought => thought.Prompt).ShouldContain(prompt => prompt.Turns.Count == 2
            && prompt.Turns[0] == problem.Prompt.Turns[0] && prompt.Turns[1].Content == Eggs.Simpler + "\n\nEnd with =.");
    }

    [Fact]
    public void A_question_that_is_not_in_its_prompt_is_put_behind_it() =>
        Decomposition.Restate(ScriptedSession.Problem with { Prompt = Prompt.Plain("3 4 -> ") }, "What is 3 + 4?")
            .Prompt.Text.ShouldBe("3 4 -> \n\nThe same in other words:\nWhat is 3 + 4?\n\n");

    [Fact]
    public void What_needs_a_verifier_cannot_solve_parts() =>
        Should.Throw<StrategyException>(() => StrategyText.Create("atom-of-thoughts inner=iterative-decoding")).Message
            .ShouldContain("atom-of-thoughts cannot have iterative-decoding solve parts");
}
