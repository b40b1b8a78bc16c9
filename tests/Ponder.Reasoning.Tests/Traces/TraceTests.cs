using System.Text;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Search;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Strategies;
using Ponder.Reasoning.Tests.Scripted;
using Ponder.Reasoning.Traces;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Traces;

public sealed class TraceTests
{
    private const string Head = """{"kind":"trace","version":1,"strategy":"s","policy":"p","reward":null,"seed":7}""";
    private const string Root = """{"kind":"thought","problem":0,"at":0,"number":0,"parent":null,"prompt":"?"}""";

    [Fact]
    public async Task What_is_read_is_what_happened()
    {
        var (bytes, outcome) = await SolveAsync();
        using var reader = Open(bytes);
        reader.Head.ShouldBe(new TraceHead("rebase", "script", "script", 3));
        var problem = TraceProblem.ReadAll(reader).ShouldHaveSingleItem();
        reader.CutLine.ShouldBeNull();

        problem.Began!.Question.ShouldBe("What is it?");
        problem.Nodes.Count.ShouldBe(outcome.Thoughts.Count);
        foreach (var thought in outcome.Thoughts)
        {
            var node = problem.Nodes.Single(node => node.Number == thought.Number);
            (node.Parent?.Number).ShouldBe(thought.Parent?.Number);
            node.Depth.ShouldBe(thought.Depth);
            node.Text.ShouldBe(thought.OwnText);
            node.TokenCount.ShouldBe(thought.OwnTokens.Count);
            node.Tokens.Select(token => (token.Id, token.Text)).ShouldBe(thought.OwnTokens.Select(token => (token.Id, token.Text)));
            node.Tokens.Select(token => token.LogProbability).ShouldBe(thought.OwnTokens.Select(token => float.IsNaN(token.LogProbability) ? (double?)null : token.LogProbability));
            (node.TokensBefore + node.TokenCount).ShouldBe(thought.GeneratedTokens);
            node.End.ShouldBe(thought.End);
            node.Answer.ShouldBe(thought.Answer);
            node.Reward.ShouldBe(thought.Reward);
            node.StepRewards.ShouldBe(thought.StepRewards.Select(reward => (double?)reward));
            node.RewardTokens.ShouldBe(thought.RewardTokens);
            node.IsCorrect.ShouldBe(thought.End is null or ThoughtEnd.Rejected ? null : thought.IsCorrect);
            node.Started.ShouldBe(thought.Started, TimeSpan.FromMilliseconds(0.001));
            node.Ended.ShouldBe(thought.Ended, TimeSpan.FromMilliseconds(0.001));
            node.Ended.ShouldBeGreaterThanOrEqualTo(node.Started);
        }
        problem.Nodes.Where(node => node.IsChosen).Select(node => node.Number).ShouldBe(PathOf(outcome.Chosen).Reverse());
        problem.Steps.Select(step => step.Step.GeneratedTokens).ShouldBe(outcome.Ledger.Steps.Select(step => step.GeneratedTokens));
        problem.Steps.Sum(step => step.Step.RewardTokens).ShouldBe(problem.Nodes.Sum(node => (long)node.RewardTokens));
        problem.Notes.ShouldBe(outcome.Notes);
        problem.Outcome!.Answer.ShouldBe(outcome.Answer);
        problem.Outcome.Confidence.ShouldBe(outcome.Confidence);
        problem.Outcome.Ledger.GeneratedTokens.ShouldBe(outcome.Ledger.GeneratedTokens);
    }

    [Fact]
    public async Task A_trace_cut_anywhere_is_read_up_to_its_last_whole_line()
    {
        byte[] bytes = (await SolveAsync()).Bytes;
        int first = Array.IndexOf(bytes, (byte)'\n') + 1;
        // Everywhere around the ends of lines, and here and there within them.
        for (int length = first; length < bytes.Length; length += bytes[length - 1] == '\n' || bytes[length] == '\n' ? 1 : 37)
        {
            using var reader = Open(bytes[..length]);
            int whole = bytes[..length].Count(b => b == '\n');
            reader.ReadAll().Count().ShouldBe(whole - 1);
            reader.CutLine.ShouldBe(bytes[length - 1] == '\n' ? null : whole + 1);
        }
        Should.Throw<TraceException>(() => Open(bytes[..(first - 1)])).Message.ShouldBe("t.jsonl is cut in its first line, or no trace.");
    }

    [Fact]
    public async Task Lines_stand_in_the_file_as_soon_as_thoughts_end()
    {
        using var file = new MemoryStream();
        using var writer = new TraceWriter(file, new TraceHead("s", "p", null, 0), [ScriptedSession.Problem]);
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("it is =7", "so =8"), new SolveSettings { Observer = what => writer.Take(0, what) });
        await session.SampleAsync(2);
        using var reader = Open(file.ToArray());
        reader.ReadAll().Select(line => line.GetType().Name).ShouldBe(["Began", "Grew", "Grew", "Grew", "Spent"]);     // the prompt stands before what is forked from it
    }

    [Fact]
    public async Task A_thought_that_grows_in_steps_has_a_line_for_what_is_new_in_each()
    {
        using var file = new MemoryStream();
        using var writer = new TraceWriter(file, new TraceHead("s", "p", null, 0), [ScriptedSession.Problem]);
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("one two three =7"), new SolveSettings { Observer = what => writer.Take(0, what) });
        var thoughts = session.Fork(session.Root, 1);
        await session.ExtendAsync(thoughts, new ExtendOptions { MaxTokens = 2 });
        session.Append(thoughts[0], "and ");
        await session.ExtendAsync(thoughts);
        using var reader = Open(file.ToArray());
        var lines = reader.ReadAll().OfType<TraceLine.Grew>().Where(line => line.Number == 1).ToArray();
        lines[0].Text.ShouldBe("one two ");
        lines[0].End.ShouldBeNull();
        lines[1].Text.ShouldStartWith("and ");
        (lines[0].Text + lines[1].Text).ShouldBe(thoughts[0].OwnText);
        lines.Sum(line => line.Count).ShouldBe(thoughts[0].OwnTokens.Count);
    }

    [Theory]
    [InlineData("", "t.jsonl is empty")]
    [InlineData("hello\n", "Line 1 of t.jsonl is no JSON")]
    [InlineData("{\"kind\":\"trace\",\"version\":2}\n", "Line 1 of t.jsonl has version 2 of the format, where 1 is known")]
    [InlineData("{\"problem\":0}\n", "Line 1 of t.jsonl does not begin a trace")]
    [InlineData(Head + "\n[]\n", "Line 2 of t.jsonl is no JSON object")]
    [InlineData(Head + "\n{\"kind\":\"note\"}\n", "Line 2 of t.jsonl has no whole number 'problem'")]
    [InlineData(Head + "\n{\"kind\":\"dance\",\"problem\":0}\n", "Line 2 of t.jsonl has the kind 'dance'")]
    [InlineData(Head + "\n{\"kind\":\"score\",\"problem\":0,\"number\":4}\n", "Line 2 of the trace names the thought 4")]
    [InlineData(Head + "\n" + Root + "\n{\"kind\":\"thought\",\"problem\":0,\"number\":2,\"parent\":1}\n", "Line 3 of the trace names the thought 1")]
    [InlineData(Head + "\n" + Root + "\n{\"kind\":\"thought\",\"problem\":0,\"number\":1,\"parent\":0,\"ids\":[1],\"pieces\":[]}\n", "Line 3 of t.jsonl has not as many 'pieces'")]
    [InlineData(Head + "\n" + Root + "\n{\"kind\":\"thought\",\"problem\":0,\"number\":1,\"parent\":0,\"text\":\"\\ud800\"}\n", "Line 3 of t.jsonl has text that is no Unicode")]
    [InlineData(Head + "\n{\"kind\":\"note\",\"problem\":0,\"at\":-1,\"text\":\"\"}\n", "Line 2 of t.jsonl has 'at' that is no time")]
    [InlineData(Head + "\n{\"kind\":\"outcome\",\"problem\":0}\n", "Line 2 of t.jsonl has no 'ledger'")]
    public void A_line_that_cannot_be_read_is_named(string text, string message) => Should.Throw<TraceException>(() =>
    {
        using var reader = Open(Encoding.UTF8.GetBytes(text));
        TraceProblem.ReadAll(reader);
    }).Message.ShouldStartWith(message);

    [Fact]
    public async Task A_disk_that_is_full_is_told_of_at_the_end_and_not_on_the_policys_thread()
    {
        var writer = new TraceWriter(new FullDisk(), new TraceHead("s", "p", null, 0), [ScriptedSession.Problem]);
        var settings = new SolveSettings { Observer = what => writer.Take(0, what) };
        var outcome = await new Solver(ScriptedPolicy.OfAnswers("=7"), new SingleAnswer(), settings).SolveAsync(ScriptedSession.Problem);
        Should.Throw<IOException>(() => writer.End(0, outcome)).Message.ShouldBe("The trace could not be written: No space left.");
    }

    private static async Task<(byte[] Bytes, Outcome Outcome)> SolveAsync()
    {
        using var file = new MemoryStream();
        var problem = ScriptedSession.Problem with { Grader = new ScriptedVerifier(text => new Verdict(text.EndsWith("=3", StringComparison.Ordinal))) };
        using var writer = new TraceWriter(file, new TraceHead("rebase", "script", "script", 3), [problem]);
        var policy = new ScriptedPolicy(state =>
        {
            int steps = state.Text.Count(c => c == '\n');
            var words = ScriptedPolicy.Words(steps < 3 ? $"\"Schritt\" {state.Key} ü\n\n" : $"<b> ={state.Key % 5}");
            return words.Select(word => word with { Id = 5, LogProbability = -0.5f });
        });
        var settings = new SolveSettings
        {
            Seed = 3,
            StepDelimiter = "\n\n",
            Reward = new ScriptedReward(text => text.Length % 7 / 7.0),
            Budget = new Budget { Tokens = 120 },
            Observer = what => writer.Take(0, what),
        };
        var outcome = await new Solver(policy, new Rebase(new SearchOptions { Width = 6 }), settings).SolveAsync(problem);
        writer.End(0, outcome);
        return (file.ToArray(), outcome);
    }

    private static TraceReader Open(byte[] bytes) => new(new MemoryStream(bytes), "t.jsonl");

    private static IEnumerable<int> PathOf(Thought? thought)
    {
        for (; thought is not null; thought = thought.Parent)
            yield return thought.Number;
    }

    private sealed class FullDisk : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("No space left.");
    }
}
