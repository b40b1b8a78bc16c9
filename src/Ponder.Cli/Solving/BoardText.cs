using Spectre.Console;
using Spectre.Console.Rendering;

namespace Ponder.Cli.Solving;

/// <summary>Lines of a board for a terminal. They fit it already: nothing is measured or wrapped.</summary>
/// <param name="lines">The lines.</param>
internal sealed class BoardText(IReadOnlyList<BoardLine> lines) : Renderable
{
    private static readonly Style Soft = new(Color.Grey), Pruned = new(Color.Grey, decoration: Decoration.Dim), Path = new(decoration: Decoration.Bold);

    /// <summary>A console that draws on a terminal.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter output) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = AnsiSupport.Yes,
        Interactive = InteractionSupport.Yes,
    });

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0)
                yield return Segment.LineBreak;
            foreach (var piece in lines[i].Pieces)
                yield return new Segment(piece.Text, StyleOf(piece));
        }
    }

    private static Style StyleOf(Piece piece) => piece.Tone switch
    {
        Tone.Soft => Soft,
        Tone.Pruned => Pruned,
        Tone.Path => Path,
        Tone.Score => new Style(Between(piece.Score)),
        _ => Style.Plain,
    };

    // Red, yellow, green: both ends are readable on dark and on light ground.
    private static Color Between(double score)
    {
        double at = Math.Clamp(score, 0, 1);
        return new Color((byte)(at < 0.5 ? 210 : 210 - ((at - 0.5) * 2 * 160)), (byte)(at < 0.5 ? 70 + (at * 2 * 90) : 160), 60);
    }
}
