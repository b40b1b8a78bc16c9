using Ponder.Cli.Solving;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Solving;
using Ponder.Reasoning.Tests.Scripted;
using Xunit.Abstractions;

namespace Ponder.Cli.Tests.Solving;

public sealed class BoardTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Elapsed = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task One_problem_shows_thoughts_votes_rewards_and_what_is_left()
    {
        var budget = new Budget { Tokens = 100 };
        var board = new ProblemBoard(ScriptedSession.Problem, budget);
        var settings = new SolveSettings { Budget = budget, Reward = new ScriptedReward(text => text.Contains('7') ? 0.5 : 0.25), Observer = what => board.Take(0, what) };
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("it is =7", "so =8", "it must be =7"), settings);
        Lines(board)[0].ShouldBe("thinking: 0 of 0 thoughts ended, 0 tokens (100 left), 1.5 s");
        var thoughts = await session.SampleAsync(3);
        await session.ScoreAsync(thoughts);
        // 3 + 2 + 4 words, and an end token each.
        Lines(board).ShouldBe(
        [
            "thinking: 3 of 3 thoughts ended, 12 tokens (88 left), 1.5 s",
            "  it must be =7",
            "  ████████████████████████    2  7",
            "  ████████████                1  8",
            "rewards: best 0.500, mean 0.417 of 3",
        ]);
        Lines(board).ShouldContain("  ████████████████████████    2  7", "answers are counted once, however often they are shown");
    }

    [Fact]
    public async Task No_line_is_wider_than_the_screen_and_none_has_a_line_feed()
    {
        var board = new ProblemBoard(ScriptedSession.Problem, Budget.Unlimited);
        using var session = ScriptedSession.Open(
            ScriptedPolicy.OfAnswers($"{new string('a', 300)}\n\t={new string('b', 300)}"), new SolveSettings { Observer = what => board.Take(0, what) });
        await session.SampleAsync(1);
        var lines = Lines(board, 40);
        lines.Length.ShouldBe(3);
        lines.ShouldAllBe(line => line.Length <= 40 && !line.Any(char.IsControl));
    }

    [Fact]
    public async Task A_search_shows_its_tree_within_the_screen_and_leaves_it_with_the_answers_path()
    {
        var problem = ScriptedSession.Problem;
        var board = new ProblemBoard(problem, Budget.Unlimited);
        var settings = new SolveSettings { StepDelimiter = "\n", Reward = ScriptedTree.Reward(), Observer = what => board.Take(0, what) };
        using var session = ScriptedSession.Open(ScriptedTree.Policy(), settings);
        board.Stays.ShouldBeFalse();
        var choice = await ScriptedTree.GrowAsync(session, 300, ways: 4);
        board.Stays.ShouldBeTrue();
        var outcome = new Outcome { Problem = problem, Strategy = "script", Chosen = choice.Thought, Thoughts = session.Thoughts, Ledger = session.Ledger };
        board.End(outcome, Ended(null));
        var lines = board.Lines(70, 20, Elapsed);
        lines.Count.ShouldBeInRange(12, 20);
        lines.ShouldAllBe(line => line.ToString().Length <= 70);
        lines.SelectMany(line => line.Pieces).Count(piece => piece.Tone == Tone.Path).ShouldBe(choice.Thought!.Depth);
        lines[0].ToString().ShouldContain($"of 300 thoughts ended, {session.Ledger.GeneratedTokens:#,0} tokens");
        string.Join('\n', lines).ShouldContain("more");
    }

    [Fact]
    public async Task Ten_thousand_thoughts_cost_the_view_next_to_nothing()
    {
        var events = new List<SolveEvent>();
        var settings = new SolveSettings { StepDelimiter = "\n", Reward = ScriptedTree.Reward(), Observer = events.Add };
        using var session = ScriptedSession.Open(ScriptedTree.Policy(), settings);
        await ScriptedTree.GrowAsync(session, 10_000);
        var screen = new StringWriter();
        var console = BoardText.ConsoleOn(screen);
        const int frames = 50;                                  // five seconds of thinking at ten a second
        Watch();                                                // compiled before the clock starts
        var start = Environment.CpuUsage.TotalTime;             // of the process: others may be busy beside it
        Watch();
        double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
        output.WriteLine($"{seconds:0.000} s of {frames / 10} s");
        seconds.ShouldBeLessThan(0.05 * frames / 10, "the view takes at most 5% of the time");

        void Watch()
        {
            var board = new ProblemBoard(ScriptedSession.Problem, Budget.Unlimited);
            for (int frame = 0, at = 0; frame < frames; frame++)
            {
                for (; at < events.Count * (frame + 1L) / frames; at++)
                    board.Take(0, events[at]);
                console.Write(new BoardText(board.Lines(120, 40, Elapsed)));
            }
        }
    }

    [Fact]
    public void Many_problems_show_progress_and_accuracy()
    {
        var board = new RunBoard(4);
        Lines(board)[0].ShouldBe($"{new string('░', 40)} 0 of 4");
        board.Take(0, new SolveEvent.Spent(new LedgerStep("sample", 1, 1234, 1, 0, 0, 0, Elapsed), null));
        End(board, true);
        End(board, false);
        End(board, null);
        Lines(board).ShouldBe([$"{new string('█', 30)}{new string('░', 10)} 3 of 4, accuracy 0.500", "1,234 tokens, 1.5 s, about 1 s left"]);
    }

    [Fact]
    public async Task A_terminal_sees_the_board_and_it_is_taken_away()
    {
        using var error = new StringWriter();
        var terminal = new Terminal { In = TextReader.Null, Out = TextWriter.Null, Error = error, ErrorIsTerminal = true };
        var board = new RunBoard(7);
        int result = await LiveView.RunAsync(
            terminal,
            board,
            async () =>
            {
                while (!error.ToString().Contains("0 of 7", StringComparison.Ordinal))
                    await Task.Delay(10);
                return 42;
            },
            writes: false).WaitAsync(TimeSpan.FromSeconds(60));
        result.ShouldBe(42);
        error.ToString().ShouldEndWith("\u001b[?25h");          // the cursor is back
    }

    [Theory]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public async Task Nothing_is_drawn_where_nobody_watches_or_into_lines_of_results(bool errorIsTerminal, bool outputIsTerminal, bool writes)
    {
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            In = TextReader.Null,
            Out = TextWriter.Null,
            Error = error,
            ErrorIsTerminal = errorIsTerminal,
            OutputIsTerminal = outputIsTerminal,
        };
        await LiveView.RunAsync(
            terminal,
            new RunBoard(1),
            async () =>
            {
                await Task.Delay(600);                          // longer than it waits before it draws
                return 0;
            },
            writes);
        error.ToString().ShouldBeEmpty();
    }

    private static string[] Lines(IBoard board, int width = 80, int height = 24) => [.. board.Lines(width, height, Elapsed).Select(line => line.ToString())];

    private static void End(RunBoard board, bool? correct) => board.End(
        new Outcome { Problem = ScriptedSession.Problem, Strategy = "script", Thoughts = [], Ledger = new Ledger() }, Ended(correct));

    private static Digest Ended(bool? correct) => new()
    {
        IsCorrect = correct,
        Samples = 1,
        SamplesCorrect = 0,
        AreIndependent = true,
        MajorityIsCorrect = correct,
        Ledger = new Ledger(),
    };
}
