using Spectre.Console;

namespace Ponder.Cli;

/// <summary>Shows on a terminal how far a piece of work is; silent where stderr goes elsewhere.</summary>
internal static class ProgressView
{
    /// <summary>Runs work behind a progress bar.</summary>
    /// <param name="terminal">Where the bar is drawn (on stderr).</param>
    /// <param name="title">What is being done.</param>
    /// <param name="work">Gets a function to call with the part that is done, 0 to 1, from any thread.</param>
    public static Task<T> RunAsync<T>(Terminal terminal, string title, Func<Action<double>, Task<T>> work) =>
        terminal.ErrorIsTerminal ? WithBarAsync(terminal, title, work) : work(_ => { });

    // Apart, so that the console library is loaded only where a bar is drawn.
    private static async Task<T> WithBarAsync<T>(Terminal terminal, string title, Func<Action<double>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Error),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        return await console.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(title), maxValue: 1);
                return await work(done => task.Value = done).ConfigureAwait(false);
            }).ConfigureAwait(false);
    }
}
