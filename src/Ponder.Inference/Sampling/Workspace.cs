namespace Ponder.Inference.Sampling;

/// <summary>Buffers of the logit steps, reused from draw to draw.</summary>
internal sealed class Workspace
{
    private readonly TokenCounts _counts = new();
    private int[] _matches = [];

    /// <summary>A number for every token, all 0.</summary>
    public TokenCounts Counts(int vocabulary)
    {
        _counts.Clear(vocabulary);
        return _counts;
    }

    /// <summary>A number for every token of a history, not cleared.</summary>
    public Span<int> Matches(int length)
    {
        if (_matches.Length < length)
            _matches = new int[Math.Max(length, (int)Math.Min(2L * _matches.Length, Array.MaxLength))];
        return _matches.AsSpan(0, length);
    }
}
