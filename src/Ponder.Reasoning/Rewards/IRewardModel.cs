using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>Says how good thoughts are, whole or partial: a model with a head, a judge, or the policy's own confidence.</summary>
public interface IRewardModel : IDisposable
{
    /// <summary>The name on the command line and in reports.</summary>
    string Name { get; }

    /// <summary>Whether a high reward proves that an answer is right.</summary>
    bool IsExact { get; }

    /// <summary>What scoring a thought costs, in a few words: <c>its tokens, once</c>.</summary>
    string Cost { get; }

    /// <summary>Lowest and highest reward it gives; a number outside is a fault and does not count.</summary>
    (double Low, double High) Range { get; }

    /// <summary>What it needs from the policy.</summary>
    PolicyFeatures Needs { get; }

    /// <summary>Begins to score the thoughts of one session.</summary>
    IScorer Open(SolveSession session);

    /// <summary>Frees a model of its own; most rewards have none.</summary>
#pragma warning disable CA1816 // there is nothing here that a finalizer could be suppressed for
    void IDisposable.Dispose()
    {
    }
#pragma warning restore CA1816
}

/// <summary>
/// Scores the thoughts of one session. Thoughts grow: what was scored of one, or of those it was forked from, is not computed again. Used by one
/// caller at a time.
/// </summary>
public interface IScorer : IDisposable
{
    /// <summary>Scores thoughts, all in one batch.</summary>
    /// <returns>For each thought its score, in order.</returns>
    Task<IReadOnlyList<Score>> ScoreAsync(IReadOnlyList<Thought> thoughts, CancellationToken cancellationToken);

    /// <summary>A thought was dropped: what was kept for it is free.</summary>
    void Forget(Thought thought);
}

/// <summary>The reward of a thought.</summary>
/// <param name="Value">One number for the thought; NaN is a fault.</param>
/// <param name="Steps">The rewards of its steps so far, in order; the value alone where the reward knows no steps.</param>
/// <param name="Tokens">Tokens that the reward's own model computed for it: 0 for the policy's own confidence.</param>
public sealed record Score(double Value, IReadOnlyList<double> Steps, int Tokens = 0);
