namespace Ponder.Reasoning.Probes;

/// <summary>Watches a thought's text for cues, of which a part may have come with earlier tokens.</summary>
/// <param name="cues">At least one, in small letters.</param>
public sealed class Cues(IReadOnlyList<string> cues)
{
    private readonly int _longest = cues.Max(cue => cue.Length);
    private string _tail = "";

    /// <summary>Words of hesitation.</summary>
    public static IReadOnlyList<string> Words { get; } = ["hmm", "wait", "alternatively"];

    /// <summary>Line ends.</summary>
    public static IReadOnlyList<string> Lines { get; } = ["\n"];

    /// <summary>The cues with a name.</summary>
    /// <param name="name"><c>words</c> or <c>lines</c>.</param>
    public static IReadOnlyList<string> Named(string name) => name == "lines" ? Lines : Words;

    /// <summary>Whether a cue is complete with this piece of text.</summary>
    public bool Ends(string piece)
    {
        ArgumentNullException.ThrowIfNull(piece);
        if (piece.Length == 0)
            return false;
        string text = _tail + piece.ToLowerInvariant();
        int seen = _tail.Length;
        _tail = text.Length < _longest ? text : text[^(_longest - 1)..];
        return cues.Any(cue => text.IndexOf(cue, Math.Max(0, seen - cue.Length + 1), StringComparison.Ordinal) >= 0);
    }
}
