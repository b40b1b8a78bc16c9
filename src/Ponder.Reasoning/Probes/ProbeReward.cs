using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Probes;

/// <summary>A probe as a reward: the probability that a thought, whole or partial, comes to a right answer, from the policy's hidden states at its last token.</summary>
/// <param name="probe">The probe, trained on this policy.</param>
public sealed class ProbeReward(Probe probe) : IRewardModel
{
    /// <inheritdoc/>
    public string Name => "probe";

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => "one token of the policy, computed again";

    /// <inheritdoc/>
    public (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.HiddenStates;

    /// <inheritdoc/>
    /// <exception cref="ProbeException">The probe belongs to another model.</exception>
    public IScorer Open(SolveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        probe.DemandModel(session.Policy.Name);
        return new Scorer(probe, session);
    }

    private sealed class Scorer(Probe probe, SolveSession session) : IScorer
    {
        public async Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken) =>
            await Task.WhenAll(thoughts.Select(ScoreAsync)).ConfigureAwait(false);

        public void Forget(Thought thought)
        {
        }

        public void Dispose()
        {
        }

        private async Task<Score> ScoreAsync(Thought thought)
        {
            try
            {
                double value = probe.Of(await session.HiddenStatesAsync(thought, probe.Layers).ConfigureAwait(false));
                return new Score(value, [value]);
            }
            catch (ObjectDisposedException)
            {
                session.Note("A probe cannot read thoughts whose memory was freed at their end; they count as not scored.");
                return new Score(double.NaN, []);
            }
        }
    }
}
