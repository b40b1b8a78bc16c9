using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Rewards;

/// <summary>
/// The puzzles' own exhaustive step checker as a reward: 1 while the answer can still come right, else 0; of whole answers 1 for the right ones. It shows what a search could do with a perfect
/// process reward.
/// </summary>
public sealed class ExactSteps : IRewardModel
{
    /// <inheritdoc/>
    public string Name => "exact-steps";

    /// <inheritdoc/>
    public bool IsExact => true;

    /// <inheritdoc/>
    public string Cost => "microseconds";

    /// <inheritdoc/>
    public (double Low, double High) Range => (0, 1);

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <inheritdoc/>
    /// <exception cref="RewardException">The problem is no puzzle.</exception>
    public IScorer Open(SolveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Problem.Grader is PuzzleVerifier verifier
            ? new Scorer(verifier)
            : throw new RewardException($"The reward exact-steps knows the steps of puzzles, not those of the task {session.Problem.Task}.");
    }

    private sealed class Scorer(PuzzleVerifier verifier) : IScorer
    {
        public Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<Score>>([.. thoughts.Select(ScoreOf)]);

        public void Forget(Thought thought)
        {
        }

        public void Dispose()
        {
        }

        private Score ScoreOf(Thought thought)
        {
            var found = verifier.Puzzle.Check(thought.Text);
            double[] steps = [.. found.StepLabels.Select(isGood => isGood ? 1.0 : 0)];
            // One that has ended can come right no more, however good its steps are.
            double value = thought.IsOpen && steps.Length > 0 ? steps[^1] : found.IsCorrect ? 1 : 0;
            return new Score(value, steps.Length > 0 ? steps : [value]);
        }
    }
}
