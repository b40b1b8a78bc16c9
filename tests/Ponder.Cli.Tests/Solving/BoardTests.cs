using Ponder.Cli.Solving;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Tests.Scripted;

namespace Ponder.Cli.Tests.Solving;

public sealed class BoardTests
{
    private static readonly TimeSpan Elapsed = TimeSpan.FromSeconds(1.5);

    [Fact]
    public async Task One_problem_shows_thoughts_votes_rewards_and_what_is_left()
    {
        var budget = new Budget { Tokens = 100 };
        var board = new ProblemBoard(ScriptedSession.Problem, budget);
        var settings = new SolveSettings { Budget = budget, Reward = new ScriptedReward(text => text.Contains('7') ? 0.5 : 0.25), Observer = what => board.Take(0, what) };
        using var session = ScriptedSession.Open(ScriptedPolicy.OfAnswers("it is =7", "so =8", "it must be =7"), settings);
        board.Lines(80, Elapsed)[0].ShouldBe("thinking: 0 of 0 thoughts ended, 0 tokens (100 left), 1.5 s");
        var thoughts = await session.SampleAsync(3);
        await session.ScoreAsync(thoughts);
        // 3 + 2 + 4 words, and an end token each.
        board.Lines(80, Elapsed).ShouldBe(
        [
            "thinking: 3 of 3 thoughts ended, 12 tokens (88 left), 1.5 s",
            "  it must be =7",
            "  ████████████████████████    2  7",
            "  ████████████                1  8",
            "rewards: best 0.500, mean 0.417 of 3",
        ]);
        board.Lines(80, Elapsed).ShouldContain("  ████████████████████████    2  7", "answers are counted once, however often they are shown");
    }

    [Fact]
    public async Task No_line_is_wider_than_the_screen_and_none_has_a_line_feed()
    {
        var board = new ProblemBoard(ScriptedSession.Problem, Budget.Unlimited);
        using var session = ScriptedSession.Open(
            ScriptedPolicy.OfAnswers($"{new string('a', 300)}\n\t={new string('b', 300)}"), new SolveSettings { Observer = what => board.Take(0, what) });
        await session.SampleAsync(1);
        var lines = board.Lines(40, Elapsed);
        lines.Count.ShouldBe(3);
        lines.ShouldAllBe(line => line.Length <= 40 && !line.Any(char.IsControl));
    }

    [Fact]
    public void Many_problems_show_progress_and_accuracy()
    {
        var board = new RunBoard(4);
        board.Lines(80, Elapsed)[0].ShouldBe($"{new string('░', 40)} 0 of 4");
        board.Take(0, new SolveEvent.Spent(new LedgerStep("sample", 1, 1234, 1, 0, 0, 0, Elapsed), null));
        board.End(Ended(true));
        board.End(Ended(false));
        board.End(Ended(null));
        board.Lines(80, Elapsed).ShouldBe([$"{new string('█', 30)}{new string('░', 10)} 3 of 4, accuracy 0.500", "1,234 tokens, 1.5 s, about 1 s left"]);
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
