using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>A way to spend a budget on a problem. It holds options only, so that one may serve many problems at once.</summary>
public interface IStrategy
{
    /// <summary>The name on the command line, such as <c>best-of-n</c>.</summary>
    string Name { get; }

    /// <summary>What the policy must be able to do.</summary>
    PolicyFeatures Needs { get; }

    /// <summary>Whether the session must have a reward model.</summary>
    bool NeedsReward => false;

    /// <summary>Whether the session must have a verifier.</summary>
    bool NeedsVerifier => false;

    /// <summary>Whether the session must have a drafter.</summary>
    bool NeedsDrafter => false;

    /// <summary>Thinks a problem through until there is an answer or the budget is spent.</summary>
    /// <param name="session">The problem, the policy, what may be spent and what judges.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    Task<Choice> SolveAsync(SolveSession session);
}
