using Ponder.Cli.Seeing;
using Ponder.Cli.Tests.Support;
using Ponder.Reasoning.Traces;

namespace Ponder.Cli.Tests.Seeing;

public sealed class ReplayTests
{
    private const string Trace = """
        {"kind":"trace","version":1,"strategy":"rebase","policy":"puzzles","reward":"exact-steps","seed":7}
        {"kind":"problem","problem":0,"at":0,"id":"1","task":"countdown","question":"Make 4 from 2 2"}
        {"kind":"problem","problem":1,"at":0,"id":"2","task":"countdown","question":"Make 5 from 2 3"}
        {"kind":"thought","problem":0,"at":0,"number":0,"parent":null,"prompt":"Make 4 from 2 2:"}
        {"kind":"thought","problem":0,"at":0.01,"number":1,"parent":0,"started":0.001,"text":"2+2=4\n","tokens":5,"end":null}
        {"kind":"score","problem":0,"at":0.011,"number":1,"reward":0.75,"step_rewards":[0.75],"reward_tokens":5}
        {"kind":"thought","problem":0,"at":0.012,"number":2,"parent":0,"started":0.001,"text":"2-2=0\n","tokens":5,"end":null}
        {"kind":"rejected","problem":0,"at":0.013,"number":2}
        {"kind":"step","problem":0,"at":0.014,"name":"step","thoughts":2,"generated":10,"reward":5,"seconds":0.013}
        {"kind":"thought","problem":0,"at":0.02,"number":3,"parent":1,"started":0.015,"text":"Answer: 2+2","tokens":4,"end":"finished","answer":"2+2"}
        {"kind":"verdict","problem":0,"at":0.021,"number":3,"correct":true,"answer":"2+2","reason":null}
        {"kind":"note","problem":0,"at":0.022,"text":"All is well."}
        {"kind":"outcome","problem":0,"at":0.023,"chosen":3,"answer":"2+2","confidence":0.5,"correct":true,"right":[3],"wrong":[],"ledger":{"generated":14,"reward":5}}

        """;

    private static readonly string[] Sentences =
    [
        "    0.000 s  problem 1 (countdown): Make 4 from 2 2",
        "    0.000 s  problem 2 (countdown): Make 5 from 2 3",
        "    0.000 s  thought 0 is a prompt: Make 4 from 2 2:  [1]",
        "    0.010 s  thought 1 of 0, 5 tokens: 2+2=4  [1]",
        "    0.011 s  thought 1 gets 0.750, 5 reward tokens  [1]",
        "    0.012 s  thought 2 of 0, 5 tokens: 2-2=0  [1]",
        "    0.013 s  thought 2 is given up  [1]",
        "    0.014 s  step 'step' of 2 thoughts: 10 tokens, 5 reward tokens, 0.013 s  [1]",
        "    0.020 s  thought 3 of 1, 4 tokens, ends with 2+2: Answer: 2+2  [1]",
        "    0.021 s  thought 3 holds  [1]",
        "    0.022 s  note: All is well.  [1]",
        "    0.023 s  answer 2+2 (right), thought 3, confidence 0.50; 14 tokens, 5 reward tokens  [1]",
    ];

    [Fact]
    public async Task Where_no_one_types_every_event_is_printed()
    {
        using var folder = new TempFolder();
        string file = folder.Write("t.jsonl", Trace);
        (await CliRunner.RunAsync("replay", file)).ShouldSucceed().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(Sentences);
        (await CliRunner.RunAsync("replay", file, "--problem", "2", "--all")).ShouldSucceed().ShouldBe(Sentences[1] + "\n");
    }

    [Fact]
    public async Task A_cut_trace_is_shown_as_far_as_it_goes_and_that_is_said()
    {
        using var folder = new TempFolder();
        string file = folder.Write("t.jsonl", Trace[..(Trace.IndexOf("\"verdict\"", StringComparison.Ordinal) + 20)]);
        var result = await CliRunner.RunAsync("replay", file);
        result.ShouldSucceed().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(Sentences[..9]);
        result.Error.ShouldBe($"ponder: {file} is cut in line 11; what stands before it is shown.\n");
        string page = folder["tree.html"];
        result = await CliRunner.RunAsync("tree", file, "--out", page);
        result.ShouldSucceed().ShouldBe($"3 thoughts of 2 problems in {page}\n");
        result.Error.ShouldContain("is cut in line 11");
        File.ReadAllText(page).ShouldContain("is cut in line 11");
    }

    [Fact]
    public async Task Bad_input_is_a_sentence()
    {
        using var folder = new TempFolder();
        string file = folder.Write("t.jsonl", Trace), other = folder.Write("notes.txt", "hello\nworld\n");
        foreach (string[] command in (string[][])[["replay"], ["tree", "--out", folder["page.html"]]])
        {
            (await CliRunner.RunAsync([.. command, folder["nowhere.jsonl"]])).ShouldBeRefused("nowhere.jsonl");
            (await CliRunner.RunAsync([.. command, folder.Path])).ShouldBeRefused("folder");
            (await CliRunner.RunAsync([.. command, other])).ShouldBeRefused("Line 1 of", "notes.txt");
            (await CliRunner.RunAsync([.. command, file, "--problem", "3"])).ShouldBeRefused("holds no problem 3");
            (await CliRunner.RunAsync([.. command, file, "--problem", "0"])).ShouldBeRefused("--problem");
        }
        (await CliRunner.RunAsync("tree", file)).ShouldBeRefused("--out");
        (await CliRunner.RunAsync("tree", file, "--out", other)).ShouldBeRefused("notes.txt", "--force");
        (await CliRunner.RunAsync("tree", file, "--out", other, "--force")).ShouldSucceed();
    }

    [Fact]
    public void Keys_go_through_the_events_both_ways()
    {
        using var reader = new TraceReader(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Trace)), "t.jsonl");
        TraceLine[] lines = [.. reader.ReadAll().OrderBy(line => line.Problem)];
        var replay = new Replay(reader.Head, lines);
        replay.At.ShouldBe(1);
        Press(replay, ConsoleKey.LeftArrow);
        replay.At.ShouldBe(1);
        for (int i = 0; i < 5; i++)
            Press(replay, i % 2 == 0 ? ConsoleKey.Spacebar : ConsoleKey.RightArrow);
        string[] sixth = Shown(replay);
        sixth[0].ShouldBe("rebase on puzzles, problem 1, event 6 of 12");
        sixth.ShouldContain("0.75 2+2=4 …");
        sixth.ShouldContain("2-2=0");
        sixth.ShouldContain("0.013 s  thought 2 is given up");
        Press(replay, ConsoleKey.End);
        Shown(replay)[0].ShouldContain("problem 2, event 12 of 12");
        Press(replay, ConsoleKey.LeftArrow);
        string.Join('\n', Shown(replay)).ShouldContain("0.75 2+2=4\n  Answer: 2+2");
        Press(replay, ConsoleKey.UpArrow);
        Press(replay, ConsoleKey.DownArrow);
        replay.At.ShouldBe(11);
        Press(replay, ConsoleKey.Home);
        for (int i = 0; i < 5; i++)
            Press(replay, ConsoleKey.RightArrow);
        Shown(replay).ShouldBe(sixth, "going back and forth shows the same");
        Press(replay, ConsoleKey.N);
        Shown(replay)[0].ShouldContain("problem 2");
        replay.Take(new ConsoleKeyInfo('q', ConsoleKey.Q, shift: false, alt: false, control: false)).ShouldBeFalse();
        replay.Take(new ConsoleKeyInfo('\u0003', ConsoleKey.C, shift: false, alt: false, control: true)).ShouldBeFalse();
    }

    private static void Press(Replay replay, ConsoleKey key) => replay.Take(new ConsoleKeyInfo('\0', key, shift: false, alt: false, control: false)).ShouldBeTrue();

    private static string[] Shown(Replay replay) => [.. replay.Lines(100, 30).Select(line => line.ToString())];
}
