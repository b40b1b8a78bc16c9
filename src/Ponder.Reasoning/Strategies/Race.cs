using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Stops thoughts that cannot be among the shortest any more. A thought's clock is its own length in tokens, so that which thoughts come first does
/// not depend on when they ran, and who stops is longer than all that did: nobody who would have come first is ever stopped.
/// </summary>
/// <param name="places">How many come first.</param>
internal sealed class Race(int places)
{
    private readonly Lock _gate = new();
    private readonly List<int> _lengths = [];                   // of those that came to their ends, the shortest first

    /// <summary>For <see cref="ExtendOptions.Until"/>: enters thoughts that came to their ends; true for one that has lost.</summary>
    public bool IsLost(Thought thought, ThoughtToken token)
    {
        int length = thought.GeneratedTokens;
        lock (_gate)
        {
            if (!token.IsEnd)
                return _lengths.Count >= places && length >= _lengths[places - 1];
            int at = _lengths.BinarySearch(length);
            _lengths.Insert(at < 0 ? ~at : at, length);
            return false;
        }
    }
}
