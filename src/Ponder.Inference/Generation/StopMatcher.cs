using System.Text;

namespace Ponder.Inference.Generation;

/// <summary>Finds stop texts in a stream and holds back what may be the beginning of one.</summary>
internal sealed class StopMatcher(IReadOnlyList<string> stops)
{
    private readonly StringBuilder _held = new();

    /// <summary>True once a stop text was found; nothing more is emitted.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Adds text and returns what can be shown.</summary>
    public string Add(string text)
    {
        if (Stopped)
            return "";
        return _held.Length == 0 && IsPlain(text) ? text : Search(text);
    }

    /// <summary>Returns what was held back, at the end of the stream.</summary>
    public string Flush()
    {
        string held = Stopped ? "" : _held.ToString();
        _held.Clear();
        return held;
    }

    /// <summary>True when the text holds no stop text and does not end in the beginning of one: nearly always.</summary>
    private bool IsPlain(string text)
    {
        for (int i = 0; i < stops.Count; i++)
        {
            if (text.Contains(stops[i], StringComparison.Ordinal) || OverlapAtEnd(text, stops[i]) > 0)
                return false;
        }
        return true;
    }

    private string Search(string text)
    {
        _held.Append(text);
        string held = _held.ToString();
        int first = stops.Select(stop => held.IndexOf(stop, StringComparison.Ordinal)).Where(i => i >= 0).DefaultIfEmpty(-1).Min();
        Stopped = first >= 0;
        int shown = Stopped ? first : held.Length - stops.Max(stop => OverlapAtEnd(held, stop));
        _held.Clear();
        if (!Stopped)
            _held.Append(held, shown, held.Length - shown);
        return held[..shown];
    }

    /// <summary>The longest proper beginning of <paramref name="stop"/> that ends <paramref name="text"/>.</summary>
    private static int OverlapAtEnd(string text, string stop)
    {
        for (int length = Math.Min(stop.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                return length;
        }
        return 0;
    }
}
