using Microsoft.Extensions.AI;
using Ponder.Inference.Sampling;
using Ponder.Models.Templates;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Reasoning.Tests.Policies;

public sealed class ChatPolicyTests
{
    [Fact]
    public async Task Whole_answers_vote_and_their_usage_is_the_ledgers()
    {
        string[] answers = ["= 1", "= 2", "= 2"];
        using var client = new FakeChatClient(request => FakeChatClient.Reply(answers[request.Number], tokens: 7 + request.Number));
        using var session = ScriptedSession.Open(new ChatPolicy(client));

        var choice = await new Majority(3).SolveAsync(session);

        choice.Thought!.Answer.ShouldBe("2");
        session.Ledger.GeneratedTokens.ShouldBe(7 + 8 + 9);
        session.Ledger.PromptTokens.ShouldBe(30);
        session.Ledger.SequentialTokens.ShouldBe(9);
        session.Thoughts[1].GeneratedTokens.ShouldBe(7);
        session.Notes.ShouldBeEmpty();
        client.Requests[0].Messages.ShouldHaveSingleItem().Role.ShouldBe(ChatRole.User);
        client.Requests[0].Last.ShouldBe("What is it? ");
    }

    [Fact]
    public async Task Strategies_that_write_prompts_hold_a_conversation()
    {
        string[] replies = ["= 1", "It should be 2.", "= 2", "NOTHING TO MEND"];
        using var client = new FakeChatClient(request => FakeChatClient.Reply(replies[request.Number], 1));
        using var session = ScriptedSession.Open(new ChatPolicy(client), problem: ScriptedSession.Problem with { Prompt = Prompt.Ask("What is it?") });

        var choice = await new SelfRefine().SolveAsync(session);

        choice.Thought!.Answer.ShouldBe("2");
        client.Requests[^1].Messages.Select(message => message.Role.Value)
            .ShouldBe(["user", "assistant", "user", "assistant", "user", "assistant", "user"]);
        client.Requests[^1].Messages[3].Text.ShouldBe("It should be 2.");
    }

    [Fact]
    public async Task Turns_become_messages()
    {
        using var client = new FakeChatClient(_ => FakeChatClient.Reply("= 1", 1));
        var prompt = Prompt.Chat(new ChatTurn("system", "Be brief."), new ChatTurn("user", "Well?"), new ChatTurn("assistant", "= 2"), new ChatTurn("user", "No."));
        using var session = ScriptedSession.Open(new ChatPolicy(client), problem: ScriptedSession.Problem with { Prompt = prompt });

        await session.SampleAsync(1);

        client.Requests[0].Messages.Select(message => $"{message.Role}: {message.Text}")
            .ShouldBe(["system: Be brief.", "user: Well?", "assistant: = 2", "user: No."]);
    }

    [Fact]
    public async Task Sampling_options_go_along_and_seeds_differ_by_thought_alone()
    {
        using var client = new FakeChatClient(_ => FakeChatClient.Reply("= 1", 1));
        var start = new ChatOptions { Temperature = 0.9f, Instructions = "Think.", TopK = 7, StopSequences = ["STOP"] };
        var settings = new SolveSettings
        {
            Sampling = new SamplingOptions { Temperature = 0.7, TopP = 0.5, FrequencyPenalty = 0.25, PresencePenalty = -0.5 },
            Seed = 3,
            MaxTokens = 50,
            Stop = ["END"],
        };
        for (int run = 0; run < 2; run++)
        {
            using var session = ScriptedSession.Open(new ChatPolicy(client, start), settings);
            await session.SampleAsync(2);
        }

        var sent = client.Requests[0].Options;
        (sent.Temperature, sent.TopP, sent.TopK, sent.FrequencyPenalty, sent.PresencePenalty).ShouldBe((0.7f, 0.5f, 7, 0.25f, -0.5f));
        (sent.MaxOutputTokens, sent.Instructions).ShouldBe((50, "Think."));
        sent.StopSequences.ShouldBe(["STOP", "END"]);
        sent.Seed.ShouldNotBe(client.Requests[1].Options.Seed);
        sent.Seed.ShouldBe(client.Requests[2].Options.Seed);
        sent.Seed!.Value.ShouldBeInRange(0, int.MaxValue);
        start.MaxOutputTokens.ShouldBeNull();
    }

    [Fact]
    public async Task What_a_chat_client_cannot_be_told_is_refused_before_anything_is_spent()
    {
        using var client = new FakeChatClient(_ => FakeChatClient.Reply("= 1", 1));
        foreach (var (sampling, name) in new (SamplingOptions, string)[]
        {
            (new() { MinP = 0.1 }, "MinP"), (new() { Typical = 0.5 }, "Typical"), (new() { TopNSigma = 1 }, "TopNSigma"),
            (new() { MirostatTau = 5 }, "MirostatTau"), (new() { RepetitionPenalty = 1.1 }, "RepetitionPenalty"), (new() { PenaltyWindow = 8 }, "PenaltyWindow"),
            (new() { DryMultiplier = 0.8 }, "DryMultiplier"), (new() { LogitBias = new Dictionary<int, double> { [1] = 1 } }, "LogitBias"),
        })
        {
            using var session = ScriptedSession.Open(new ChatPolicy(client), new SolveSettings { Sampling = sampling });
            (await Should.ThrowAsync<PolicyException>(() => session.SampleAsync(2))).Message.ShouldContain(name);
        }
        using var asking = ScriptedSession.Open(new ChatPolicy(client));
        (await Should.ThrowAsync<PolicyException>(() => asking.SampleAsync(1, new ExtendOptions { Delimiter = "\n" }))).Message.ShouldContain("delimiter");
        (await Should.ThrowAsync<PolicyException>(() => asking.SampleAsync(1, new ExtendOptions { IgnoreEnd = true }))).Message.ShouldContain("end");
        using var telling = ScriptedSession.Open(new ChatPolicy(client), new SolveSettings { LogProbabilities = true });
        (await Should.ThrowAsync<PolicyException>(() => telling.SampleAsync(1))).Message.ShouldContain("log-probabilities");
        client.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Branches_choices_and_hidden_states_are_not_supported()
    {
        using var client = new FakeChatClient(_ => FakeChatClient.Reply("= 1", 1));
        using var session = ScriptedSession.Open(new ChatPolicy(client));
        var thought = (await session.SampleAsync(1, new ExtendOptions { Hold = true }))[0];

        Should.Throw<NotSupportedException>(() => session.Fork(thought, 1)).Message.ShouldContain("whole answers");
        Should.Throw<NotSupportedException>(() => session.Append(thought, "more")).Message.ShouldContain("no text can be added");
        await Should.ThrowAsync<NotSupportedException>(() => session.HiddenStatesAsync(thought, [0]));

        using var work = new ChatPolicy(client).Open();
        var branch = work.Start(Prompt.Plain("What is it?"), 0);
        (await Should.ThrowAsync<NotSupportedException>(() => work.ChoicesAsync(branch, ["Yes"], default))).Message.ShouldContain("fake-1");
    }

    [Fact]
    public async Task Missing_usage_and_ignored_limits_are_noted()
    {
        using var silent = new FakeChatClient(_ => new ChatResponse(new ChatMessage(ChatRole.Assistant, "= 1")));
        using var first = ScriptedSession.Open(new ChatPolicy(silent));
        await first.SampleAsync(2);
        first.Ledger.GeneratedTokens.ShouldBe(0);
        first.Notes.ShouldHaveSingleItem().ShouldContain("does not say how many tokens");

        using var lavish = new FakeChatClient(_ => FakeChatClient.Reply("= 1", tokens: 12));
        using var second = ScriptedSession.Open(new ChatPolicy(lavish), new SolveSettings { MaxTokens = 5, Budget = new Budget { Tokens = 20 } });
        await second.SampleAsync(8);
        lavish.Requests.Count.ShouldBe(4);                      // all that 20 tokens were set aside for
        lavish.Requests.ShouldAllBe(request => request.Options.MaxOutputTokens == 5);
        second.Ledger.GeneratedTokens.ShouldBe(48);
        second.CanDraw.ShouldBeFalse();
        second.Notes.ShouldHaveSingleItem().ShouldContain("more tokens than it is asked for");
    }

    [Fact]
    public async Task A_budget_goes_to_the_thoughts_in_their_order()
    {
        using var client = new FakeChatClient(request => FakeChatClient.Reply("= 1", request.Options.MaxOutputTokens!.Value, finish: ChatFinishReason.Length));
        using var session = ScriptedSession.Open(new ChatPolicy(client), new SolveSettings { MaxTokens = 5, Budget = new Budget { Tokens = 12 } });

        await session.SampleAsync(4);

        client.Requests.Select(request => request.Options.MaxOutputTokens).ShouldBe([5, 5, 2]);
        session.Thoughts.Skip(1).Select(thought => thought.End)
            .ShouldBe([ThoughtEnd.Length, ThoughtEnd.Length, ThoughtEnd.Budget, ThoughtEnd.Budget]);
        session.Ledger.GeneratedTokens.ShouldBe(12);
        session.Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Stop_texts_that_the_client_left_in_are_cut_off()
    {
        using var client = new FakeChatClient(_ => FakeChatClient.Reply("= 1 END and more = 2", 9));
        using var session = ScriptedSession.Open(new ChatPolicy(client), new SolveSettings { Stop = ["END"] });
        var thought = (await session.SampleAsync(1))[0];
        (thought.Text, thought.Answer, thought.GeneratedTokens).ShouldBe(("= 1 ", "1", 9));
    }

    [Fact]
    public async Task An_answer_that_the_client_broke_off_does_not_vote()
    {
        using var client = new FakeChatClient(_ => FakeChatClient.Reply("= 1", 9, finish: ChatFinishReason.ContentFilter));
        using var session = ScriptedSession.Open(new ChatPolicy(client));
        var thought = (await session.SampleAsync(1))[0];
        (thought.End, thought.Answer).ShouldBe((ThoughtEnd.Length, null));
        session.Notes.ShouldHaveSingleItem().ShouldContain("broke answers off");
    }

    [Fact]
    public async Task No_more_requests_run_at_once_than_allowed_and_they_come_in_order()
    {
        var gates = Enumerable.Range(0, 6).Select(_ => new TaskCompletionSource()).ToArray();
        using var client = new FakeChatClient(async (request, _) =>
        {
            await gates[request.Number].Task;
            return FakeChatClient.Reply($"= {request.Number}", 1);
        });
        using var session = ScriptedSession.Open(new ChatPolicy(client, concurrency: 2));

        var sampling = session.SampleAsync(6);
        client.Requests.Count.ShouldBe(2);
        for (int i = 0; i < gates.Length; i++)
        {
            // One place is free at a time, so that nobody overtakes.
            for (int waited = 0; client.Requests.Count < Math.Min(i + 2, gates.Length) && waited < 1000; waited++)
                await Task.Delay(10);
            gates[i].SetResult();
        }
        var thoughts = await sampling;

        client.MostAtOnce.ShouldBe(2);
        thoughts.Select(thought => thought.Answer).ShouldBe(["0", "1", "2", "3", "4", "5"]);
    }

    [Fact]
    public async Task A_failing_request_fails_the_solve_with_the_clients_sentence()
    {
        using var client = new FakeChatClient(async (request, stop) =>
        {
            if (request.Number == 1)
                throw new HttpRequestException("The key is not valid.");
            await Task.Delay(Timeout.Infinite, stop);
            return FakeChatClient.Reply("= 1", 1);
        });
        using var session = ScriptedSession.Open(new ChatPolicy(client));
        var error = await Should.ThrowAsync<PolicyException>(() => new Majority(3).SolveAsync(session));
        error.Message.ShouldBe("The chat client fake-1 failed: The key is not valid.");

        using var late = new FakeChatClient(_ => throw new TaskCanceledException("100 s are over."));
        using var other = ScriptedSession.Open(new ChatPolicy(late));
        (await Should.ThrowAsync<PolicyException>(() => new Majority(3).SolveAsync(other))).Message.ShouldContain("100 s are over.");
    }

    [Fact]
    public async Task Cancellation_reaches_the_requests_and_time_cuts_them()
    {
        using var stop = new CancellationTokenSource();
        using var client = new FakeChatClient(async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return FakeChatClient.Reply("= 1", 1);
        });
        using var session = ScriptedSession.Open(new ChatPolicy(client, concurrency: 1), stop: stop.Token);
        var solving = new Majority(3).SolveAsync(session);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => solving);

        using var timed = ScriptedSession.Open(new ChatPolicy(client), new SolveSettings { Budget = new Budget { Time = TimeSpan.FromMilliseconds(20) } });
        await timed.SampleAsync(2);
        timed.Thoughts[1].End.ShouldBe(ThoughtEnd.Time);
    }
}
