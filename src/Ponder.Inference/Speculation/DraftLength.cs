namespace Ponder.Inference.Speculation;

/// <summary>
/// How many tokens to draft next, from what became of the drafts before: more while all are kept, about as many as were kept otherwise, and none
/// for a while when none is kept, twice as long each time. Only this branch's own drafts count, never time, so that runs repeat.
/// </summary>
/// <param name="most">The most to draft.</param>
internal struct DraftLength(int most)
{
    private const int First = 4;
    private const int LongestPause = 64;

    private int _length = Math.Min(First, most);
    private int _pause;                                         // steps still to go without drafts
    private int _nextPause = 1;

    /// <summary>Tokens to draft in the next step.</summary>
    public readonly int Next => _pause > 0 ? 0 : _length;

    /// <summary>A step went by without drafts.</summary>
    public void Skip() => _pause = Math.Max(0, _pause - 1);

    /// <summary>Drafts were looked at.</summary>
    /// <param name="proposed">Drafts, at least 1.</param>
    /// <param name="accepted">Those that were kept.</param>
    public void Record(int proposed, int accepted)
    {
        if (accepted == 0)
        {
            _pause = _nextPause;
            _nextPause = Math.Min(2 * _nextPause, LongestPause);
            _length = 1;
            return;
        }
        _nextPause = 1;
        _length = accepted == proposed ? Math.Min(Math.Max(First, 2 * proposed), most) : accepted + 1;
    }
}
