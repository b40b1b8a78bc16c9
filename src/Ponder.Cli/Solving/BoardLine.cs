namespace Ponder.Cli.Solving;

/// <summary>How a piece of a line looks.</summary>
internal enum Tone
{
    /// <summary>As the terminal writes.</summary>
    Plain,

    /// <summary>Dim: what holds the rest together.</summary>
    Soft,

    /// <summary>Dim: what was given up.</summary>
    Pruned,

    /// <summary>Bold: the answer's path.</summary>
    Path,

    /// <summary>From red to green.</summary>
    Score,
}

/// <summary>A piece of a line.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Tone">How it looks.</param>
/// <param name="Score">Of a score where it lies between the worst and the best, 0 to 1.</param>
internal readonly record struct Piece(string Text, Tone Tone = Tone.Plain, double Score = 0);

/// <summary>A line of a board.</summary>
/// <param name="Pieces">Its pieces, from left to right.</param>
internal sealed record BoardLine(params IReadOnlyList<Piece> Pieces)
{
    /// <summary>A line without colours.</summary>
    public static implicit operator BoardLine(string text) => new(new Piece(text));

    /// <summary>The text alone.</summary>
    public override string ToString() => string.Concat(Pieces.Select(piece => piece.Text));
}
