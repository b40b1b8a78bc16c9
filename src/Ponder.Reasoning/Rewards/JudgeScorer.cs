using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>Scores thoughts by opinions. A thought that did not grow is not judged again.</summary>
/// <param name="session">The session whose thoughts are judged.</param>
/// <param name="judge">Who judges; null for the session's policy.</param>
/// <param name="judgeAsync">Gives each thought a value; NaN for none.</param>
internal sealed class JudgeScorer(SolveSession session, IPolicy? judge, Func<Court, IReadOnlyList<Thought>, Task<double[]>> judgeAsync) : IScorer
{
    private readonly Court _court = new(session, judge);
    private readonly Dictionary<Thought, (string Text, double Value)> _known = [];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken)
    {
        Thought[] fresh = [.. thoughts.Distinct().Where(thought => !_known.TryGetValue(thought, out var known) || known.Text != thought.Text)];
        long before = _court.Spent;
        if (fresh.Length > 0)
        {
            double[] values = await judgeAsync(_court, fresh).ConfigureAwait(false);
            for (int i = 0; i < fresh.Length; i++)
                _known[fresh[i]] = (fresh[i].Text, values[i]);
        }
        // The first score of the batch carries the tokens of all: which of them a case used is not known where cases share a prompt.
        int tokens = (int)Math.Min(_court.Spent - before, int.MaxValue);
        return [.. thoughts.Select((thought, i) => new Score(_known[thought].Value, [_known[thought].Value], i == 0 ? tokens : 0))];
    }

    /// <inheritdoc/>
    public void Forget(Thought thought) => _known.Remove(thought);

    /// <inheritdoc/>
    public void Dispose() => _court.Dispose();
}
