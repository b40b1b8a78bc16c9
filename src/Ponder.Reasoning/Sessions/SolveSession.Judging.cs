using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Sessions;

public sealed partial class SolveSession
{
    /// <summary>Scores thoughts with the reward model of the settings, all in one batch: <see cref="Thought.Reward"/>, null where it failed.</summary>
    /// <exception cref="InvalidOperationException">There is no reward model.</exception>
    public Task ScoreAsync(IReadOnlyList<Thought> thoughts) => ScoreAsync(
        thoughts, Settings.Reward ?? throw new InvalidOperationException("Thoughts can only be scored with a reward model."));

    private async Task ScoreAsync(IReadOnlyList<Thought> thoughts, IRewardModel reward)
    {
        ArgumentNullException.ThrowIfNull(thoughts);
        Stop.ThrowIfCancellationRequested();
        if (thoughts.Count == 0)
            return;
        using var entry = _book.Begin("score", thoughts.Count);
        var scores = await ScorerOf(reward).ScoreAsync(thoughts, Stop).ConfigureAwait(false);
        for (int i = 0; i < thoughts.Count; i++)
        {
            var (thought, score) = (thoughts[i], scores[i]);
            entry.AddReward(score.Tokens);
            bool isSound = score.Value >= reward.Range.Low && score.Value <= reward.Range.High;
            thought.Reward = isSound ? score.Value : null;
            thought.StepRewards = score.Steps;
            thought.RewardTokens += score.Tokens;
            if (!isSound)
                Note($"The reward model {reward.Name} gave {score.Value} where {reward.Range.Low} to {reward.Range.High} is its range; that thought counts as not scored.");
            Tell(new SolveEvent.Scored(thought));
        }
    }

    /// <summary>Gives a thought a reward that a search found by other means.</summary>
    internal void Value(Thought thought, double? reward)
    {
        thought.Reward = reward;
        Settings.Observer?.Invoke(new SolveEvent.Scored(thought));
    }

    private IScorer ScorerOf(IRewardModel reward) => SharesScorer ? _outer!.ScorerOf(reward) : _scorer ??= reward.Open(this);

    /// <summary>Checks thoughts with the verifier: <see cref="Thought.Verdict"/>. What throws or takes too long is unverified, and noted.</summary>
    /// <exception cref="InvalidOperationException">There is no verifier.</exception>
    public async Task VerifyAsync(IReadOnlyList<Thought> thoughts)
    {
        ArgumentNullException.ThrowIfNull(thoughts);
        var verifier = Verifier ?? throw new InvalidOperationException("Thoughts can only be checked with a verifier.");
        if (thoughts.Count == 0)
            return;
        using var entry = _book.Begin("verify", thoughts.Count);
        var room = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = Stop };
        var verdicts = new Verdict[thoughts.Count];
        await Parallel.ForAsync(0, thoughts.Count, room, async (i, stop) =>
            verdicts[i] = await VerdictGuard.CheckAsync(verifier, Problem, thoughts[i].Text, Settings.VerifierTime, stop).ConfigureAwait(false))
            .ConfigureAwait(false);
        for (int i = 0; i < thoughts.Count; i++)
        {
            thoughts[i].Verdict = verdicts[i];
            if (verdicts[i] is { IsCorrect: null, Reason: string reason })
                Note($"The verifier {verifier.Name} could not check a thought: {reason}");
            Tell(new SolveEvent.Verified(thoughts[i]));
        }
        _book.AddVerified(thoughts.Count);
    }

    /// <summary>How likely each text is to come next behind a thought and a given text, as the probability of its first token.</summary>
    /// <param name="thought">A thought whose memory was not released; it stays as it is.</param>
    /// <param name="given">Text behind the thought; may be empty.</param>
    /// <param name="choices">The texts.</param>
    public async Task<double[]> ChoicesAsync(Thought thought, string given, IReadOnlyList<string> choices) =>
        (await ChoicesAsync([thought], given, choices).ConfigureAwait(false))[0];

    /// <summary>The same of several thoughts, in one batch.</summary>
    /// <inheritdoc cref="ChoicesAsync(Thought, string, IReadOnlyList{string})"/>
    public async Task<double[][]> ChoicesAsync(IReadOnlyList<Thought> thoughts, string given, IReadOnlyList<string> choices)
    {
        ArgumentNullException.ThrowIfNull(thoughts);
        Stop.ThrowIfCancellationRequested();
        using var entry = _book.Begin("ask", thoughts.Count);
        var branches = new List<IPolicyBranch>();
        try
        {
            foreach (var thought in thoughts)
            {
                var branch = thought.Branch.Fork(ulong.MaxValue);
                branches.Add(branch);
                branch.Append(given);
            }
            return await Task.WhenAll(branches.Select(branch => _work.ChoicesAsync(branch, choices, Stop))).ConfigureAwait(false);
        }
        finally
        {
            branches.ForEach(branch => branch.Dispose());
        }
    }

    /// <summary>The hidden states of a thought's last token, the layers' one after another.</summary>
    /// <param name="thought">A thought whose memory was not released.</param>
    /// <param name="layers">0: the embeddings; i: after layer i; negative ones count from the end, -1 after the final norm.</param>
    public async Task<float[]> HiddenStatesAsync(Thought thought, IReadOnlyList<int> layers)
    {
        ArgumentNullException.ThrowIfNull(thought);
        Stop.ThrowIfCancellationRequested();
        using var entry = _book.Begin("probe", 1);
        return await _work.HiddenStatesAsync(thought.Branch, layers, Stop).ConfigureAwait(false);
    }
}
