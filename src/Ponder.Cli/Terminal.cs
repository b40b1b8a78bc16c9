using System.Text;

namespace Ponder.Cli;

/// <summary>Where a command reads and writes: results go to <see cref="Out"/>, notes and errors to <see cref="Error"/>.</summary>
internal sealed class Terminal
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Standard input.</summary>
    public required TextReader In { get; init; }

    /// <summary>Standard output: results only.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Someone types.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Someone watches results as they come.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>Someone watches notes and progress bars.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Ctrl-C.</summary>
    public Interrupts Interrupts { get; } = new();

    /// <summary>The process's own streams, in UTF-8.</summary>
    public static Terminal OfProcess() => new()
    {
        In = Console.IsInputRedirected ? new StreamReader(Console.OpenStandardInput(), Utf8) : Console.In,
        Out = new StreamWriter(Console.OpenStandardOutput(), Utf8, bufferSize: 4096),
        Error = new StreamWriter(Console.OpenStandardError(), Utf8, bufferSize: 1024) { AutoFlush = true },
        InputIsTerminal = !Console.IsInputRedirected,
        OutputIsTerminal = !Console.IsOutputRedirected,
        ErrorIsTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
    };

    /// <summary>Writes a part of a result that must be seen at once.</summary>
    public async Task WriteNowAsync(string text)
    {
        await Out.WriteAsync(text).ConfigureAwait(false);
        await Out.FlushAsync().ConfigureAwait(false);
    }

    /// <summary>Tells something that is no result: one sentence on stderr.</summary>
    public void Note(string sentence) => Error.WriteLine($"ponder: {sentence}");
}
