using System.Diagnostics;
using Spectre.Console;

namespace Ponder.Cli.Solving;

/// <summary>Shows a board on stderr while work goes on, and takes it away at the end, unless it is worth keeping; silent where stderr is no terminal.</summary>
internal static class LiveView
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250), Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs work behind a board.</summary>
    /// <param name="terminal">Where it is drawn.</param>
    /// <param name="board">What is drawn.</param>
    /// <param name="work">The work.</param>
    /// <param name="writes">The work writes to stdout while it goes on: where that is a terminal too, nothing is drawn into its lines.</param>
    public static async Task<T> RunAsync<T>(Terminal terminal, IBoard board, Func<Task<T>> work, bool writes)
    {
        if (!terminal.ErrorIsTerminal || (writes && terminal.OutputIsTerminal))
            return await work().ConfigureAwait(false);
        long start = Stopwatch.GetTimestamp();
        var running = Task.Run(work);
        // What is done in a blink is not worth a flicker.
        if (await Task.WhenAny(running, Task.Delay(Patience)).ConfigureAwait(false) != running)
            await DrawAsync(terminal, board, running, start).ConfigureAwait(false);
        return await running.ConfigureAwait(false);
    }

    // Apart, so that the console library is loaded only where something is drawn.
    private static async Task DrawAsync(Terminal terminal, IBoard board, Task running, long start)
    {
        var console = BoardText.ConsoleOn(terminal.Error);
        await console.Live(Frame()).AutoClear(true).StartAsync(async view =>
        {
            while (await Task.WhenAny(running, Task.Delay(Pause)).ConfigureAwait(false) != running)
                view.UpdateTarget(Frame());
        }).ConfigureAwait(false);
        if (running.IsCompletedSuccessfully && board.Stays)
        {
            console.Write(Frame());
            console.WriteLine();
            console.WriteLine();
        }

        BoardText Frame() => new(board.Lines(Math.Max(20, console.Profile.Width - 1), Math.Max(8, console.Profile.Height - 2), Stopwatch.GetElapsedTime(start)));
    }
}
