using Ponder.Reasoning.Budgets;

namespace Ponder.Reasoning.Sessions;

/// <summary>Something that happened while a problem was thought about.</summary>
public abstract record SolveEvent
{
    private SolveEvent()
    {
    }

    /// <summary>When it happened, since the problem was begun.</summary>
    public TimeSpan At { get; init; }

    /// <summary>A thought came into being.</summary>
    /// <param name="Thought">The thought.</param>
    public sealed record Started(Thought Thought) : SolveEvent;

    /// <summary>A thought came to the end of a step, or to its end.</summary>
    /// <param name="Thought">The thought.</param>
    public sealed record Grew(Thought Thought) : SolveEvent;

    /// <summary>A thought got a reward.</summary>
    /// <param name="Thought">The thought.</param>
    public sealed record Scored(Thought Thought) : SolveEvent;

    /// <summary>A thought was checked.</summary>
    /// <param name="Thought">The thought.</param>
    public sealed record Verified(Thought Thought) : SolveEvent;

    /// <summary>The strategy gave a thought up.</summary>
    /// <param name="Thought">The thought.</param>
    public sealed record Rejected(Thought Thought) : SolveEvent;

    /// <summary>A step of the strategy was entered into the ledger.</summary>
    /// <param name="Step">What it bought.</param>
    /// <param name="TokensLeft">What is left of the budget of tokens; null without one.</param>
    public sealed record Spent(LedgerStep Step, long? TokensLeft) : SolveEvent;

    /// <summary>Something that the user should know.</summary>
    /// <param name="Text">One sentence.</param>
    public sealed record Noted(string Text) : SolveEvent;
}
