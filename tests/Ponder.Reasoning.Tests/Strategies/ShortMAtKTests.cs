using Ponder.Inference;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class ShortMAtKTests
{
    // Lengths in tokens, the end token included: 8, 3, 4, 5, 6.
    private static readonly string[] FiveAnswers = ["so so so so so = 9", "= 1", "so = 2", "so so = 1", "so so so = 2"];

    [Fact]
    public async Task The_first_to_finish_vote_and_the_rest_is_given_up()
    {
        var policy = ScriptedPolicy.OfAnswers(FiveAnswers);
        using var session = ScriptedSession.Open(policy);

        var choice = await new ShortMAtK(5, 3).SolveAsync(session);

        // 2, 3 and 4 come first, with 3, 4 and 5 tokens, and vote 1, 2, 1. At the fifth token 1 had its turn before 4 ended, and draws one more; 5 had it after.
        choice.Thought!.Number.ShouldBe(2);
        choice.Confidence.ShouldBe(2 / 3.0);
        session.Thoughts.Skip(1).Select(thought => thought.GeneratedTokens).ShouldBe([6, 3, 4, 5, 5]);
        session.Thoughts.Skip(1).Select(thought => thought.End).ShouldBe(
            [ThoughtEnd.Rejected, ThoughtEnd.Finished, ThoughtEnd.Finished, ThoughtEnd.Finished, ThoughtEnd.Rejected]);
        policy.Drawn.ShouldBe(23);                              // of 26
        policy.Steps.ShouldBe(6);
    }

    [Fact]
    public async Task A_tie_goes_to_the_shortest()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("so so = 7", "so = 5", "so so so = 7"));
        (await new ShortMAtK(3, 2).SolveAsync(session)).Thought!.Number.ShouldBe(2);
    }

    [Fact]
    public async Task A_thought_that_ends_by_a_stop_text_is_seen_at_once()
    {
        var policy = ScriptedPolicy.OfAnswers("so = 1 END and more", "so so so so so = 2", "so so so so so = 3");
        using var session = ScriptedSession.Open(policy, new SolveSettings { Stop = ["END"] });

        var choice = await new FirstFinish(3).SolveAsync(session);

        choice.ShouldBe(new Choice(session.Thoughts[1], null));
        policy.Drawn.ShouldBe(4 + 4 + 4);
    }

    [Fact]
    public async Task A_thought_that_begins_late_stops_where_it_has_lost()
    {
        // One may draw 8 tokens: the others wait for what the first leaves of 14.
        var policy = ScriptedPolicy.OfAnswers("= 1", "so so so = 2", "so so so = 3");
        var settings = new SolveSettings { Budget = new Budget { Tokens = 14 }, MaxTokens = 8 };
        using var session = ScriptedSession.Open(policy, settings);

        (await new FirstFinish(3).SolveAsync(session)).Thought!.Number.ShouldBe(1);

        policy.Drawn.ShouldBe(3 + 3 + 3);
    }

    [Fact]
    public async Task A_thought_that_was_cut_takes_no_place()
    {
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("so so = 1", "so so = 2"), new SolveSettings { MaxTokens = 4 });
        (await new FirstFinish(2).SolveAsync(session)).ShouldBe(Choice.None);
    }

    [Fact]
    public async Task The_choice_is_that_of_the_shortest_whether_thoughts_run_side_by_side_or_one_after_another()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            int k = 1 + (int)(CounterRandom.Bits(seed, 0, 0) % 8), m = 1 + (int)(CounterRandom.Bits(seed, 0, 1) % 4);
            string[] answers = [.. Enumerable.Range(1, k).Select(i =>
                string.Concat(Enumerable.Repeat("so ", (int)(CounterRandom.Bits(seed, 1, (ulong)i) % 9))) + $"= {CounterRandom.Bits(seed, 2, (ulong)i) % 3}")];
            var shortest = Enumerable.Range(0, k).OrderBy(i => answers[i].Length).ThenBy(i => i).Take(m).ToArray();
            string expected = shortest.GroupBy(i => answers[i][^1]).OrderByDescending(group => group.Count()).First().Key.ToString();

            foreach (long? tokens in (long?[])[null, 20 * k])   // 20 tokens for each, of which none draws more than 12: they begin as earlier ones end
            {
                var policy = ScriptedPolicy.OfAnswers(answers);
                var settings = new SolveSettings { Budget = new Budget { Tokens = tokens }, MaxTokens = tokens is null ? 100 : 20 * k };
                using var session = ScriptedSession.Open(policy, settings);
                (await new ShortMAtK(k, m).SolveAsync(session)).Thought!.Answer.ShouldBe(expected, $"seed {seed}");
            }
        }
    }

    [Fact]
    public async Task On_an_engine_the_shortest_are_those_of_full_samples_and_nobody_draws_two_tokens_too_many()
    {
        using var engine = Engine.Load(EmbeddedModels.Policy, new EngineOptions { Threads = 2 });
        var prompt = Prompt.Plain("a=28 b=a*3-15 c=b-a d=c+a*5 d?\n");
        var problem = ScriptedSession.Problem with { Prompt = prompt };
        var settings = new SolveSettings { Seed = 5, MaxTokens = 128, Stop = ["9"] };       // some end there, others at their end token
        using var full = ScriptedSession.Open(new EnginePolicy(engine), settings, problem);
        using var raced = ScriptedSession.Open(new EnginePolicy(engine), settings, problem);

        int third = (await full.SampleAsync(12)).Select(thought => thought.GeneratedTokens).Order().ElementAt(2);
        await new ShortMAtK(12, 3).SolveAsync(raced);

        var finished = raced.Thoughts.Where(thought => thought.End == ThoughtEnd.Finished).ToArray();
        finished.Select(thought => thought.Text).ShouldBe(
            full.Thoughts.Where(thought => thought.GeneratedTokens <= third && thought.Parent is not null).Select(thought => thought.Text));
        raced.Thoughts.ShouldAllBe(thought => thought.GeneratedTokens <= third + 1);
        raced.Ledger.GeneratedTokens.ShouldBeLessThan(full.Ledger.GeneratedTokens);
    }

    [Fact]
    public void Nobody_loses_before_as_many_as_there_are_places_have_ended()
    {
        var race = new Race(1);
        race.IsLost(ThoughtOf(5), new ThoughtToken(1, "a")).ShouldBeFalse();
        race.IsLost(ThoughtOf(4), new ThoughtToken(0, "") { IsEnd = true }).ShouldBeFalse();
        race.IsLost(ThoughtOf(3), new ThoughtToken(1, "a")).ShouldBeFalse();
        race.IsLost(ThoughtOf(4), new ThoughtToken(0, "") { IsEnd = true }).ShouldBeFalse();     // as long, and at its own end
        race.IsLost(ThoughtOf(4), new ThoughtToken(1, "a")).ShouldBeTrue();

        static Thought ThoughtOf(int tokens)
        {
            var session = ScriptedPolicy.OfAnswers().Open();
            var thought = new Thought(1, null, ScriptedSession.Problem.Prompt, true, session.Start(ScriptedSession.Problem.Prompt, 1));
            for (int i = 0; i < tokens; i++)
                thought.Add(new ThoughtToken(1, "a"));
            return thought;
        }
    }
}
