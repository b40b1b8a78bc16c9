using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Traces;

/// <summary>A line of a trace: something that happened while a problem was thought about.</summary>
/// <param name="Problem">The problem's index in the run, from 0.</param>
/// <param name="At">When it happened, since the problem was begun.</param>
public abstract record TraceLine(int Problem, TimeSpan At)
{
    /// <summary>A problem was begun (<c>problem</c>).</summary>
    /// <param name="Problem">Its index.</param>
    /// <param name="Id">Its name.</param>
    /// <param name="Task">The task that it belongs to.</param>
    /// <param name="Question">The question, as a person would put it.</param>
    public sealed record Began(int Problem, string Id, string Task, string Question) : TraceLine(Problem, TimeSpan.Zero);

    /// <summary>A thought came to the end of a step, or to its end (<c>thought</c>). A thought of several steps has a line for each.</summary>
    /// <param name="Problem">The problem.</param>
    /// <param name="At">When the step ended.</param>
    /// <param name="Number">The thought's number.</param>
    public sealed record Grew(int Problem, TimeSpan At, int Number) : TraceLine(Problem, At)
    {
        /// <summary>The thought that it was forked from; null for a prompt.</summary>
        public int? Parent { get; init; }

        /// <summary>Forks between it and the prompt.</summary>
        public int Depth { get; init; }

        /// <summary>True for an answer to the problem, false for a judge's opinion of one.</summary>
        public bool IsAnswer { get; init; }

        /// <summary>When the thought came into being.</summary>
        public TimeSpan Started { get; init; }

        /// <summary>The prompt; null for thoughts that have a parent.</summary>
        public string? Prompt { get; init; }

        /// <summary>The text that is new: its own, behind that of its earlier lines.</summary>
        public string Text { get; init; } = "";

        /// <summary>The tokens that are new.</summary>
        public IReadOnlyList<TraceToken> Tokens { get; init; } = [];

        /// <summary>Tokens that they stand for.</summary>
        public int Count { get; init; }

        /// <summary>Why it goes on no more; null while it is open.</summary>
        public ThoughtEnd? End { get; init; }

        /// <summary>The answer that was read out of it; null while there is none.</summary>
        public string? Answer { get; init; }
    }

    /// <summary>A thought was scored (<c>score</c>).</summary>
    /// <param name="Problem">The problem.</param>
    /// <param name="At">When.</param>
    /// <param name="Number">The thought's number.</param>
    /// <param name="Reward">Its reward; null where that failed.</param>
    /// <param name="Steps">The rewards of its steps; null for one that failed.</param>
    /// <param name="Tokens">Tokens that the reward model computed for it so far.</param>
    public sealed record Scored(int Problem, TimeSpan At, int Number, double? Reward, IReadOnlyList<double?> Steps, int Tokens) : TraceLine(Problem, At);

    /// <summary>A thought was checked (<c>verdict</c>).</summary>
    /// <param name="Problem">The problem.</param>
    /// <param name="At">When.</param>
    /// <param name="Number">The thought's number.</param>
    /// <param name="IsCorrect">What the verifier says; null where it could not tell.</param>
    /// <param name="Answer">The answer as shown to people.</param>
    /// <param name="Reason">Why it is not right, or could not be checked.</param>
    public sealed record Verified(int Problem, TimeSpan At, int Number, bool? IsCorrect, string? Answer, string? Reason) : TraceLine(Problem, At);

    /// <summary>The strategy gave a thought up (<c>rejected</c>).</summary>
    /// <param name="Problem">The problem.</param>
    /// <param name="At">When.</param>
    /// <param name="Number">The thought's number.</param>
    public sealed record Rejected(int Problem, TimeSpan At, int Number) : TraceLine(Problem, At);

    /// <summary>A step of the strategy was entered into the ledger (<c>step</c>).</summary>
    /// <param name="Problem">The problem.</param>
    /// <param name="At">When it ended.</param>
    /// <param name="Step">What it bought.</param>
    public sealed record Spent(int Problem, TimeSpan At, LedgerStep Step) : TraceLine(Problem, At);

    /// <summary>Something that the user should know (<c>note</c>).</summary>
    /// <param name="Problem">The problem.</param>
    /// <param name="At">When.</param>
    /// <param name="Text">One sentence.</param>
    public sealed record Noted(int Problem, TimeSpan At, string Text) : TraceLine(Problem, At);

    /// <summary>The strategy came to its end (<c>outcome</c>).</summary>
    /// <param name="Problem">The problem.</param>
    /// <param name="At">When.</param>
    public sealed record Ended(int Problem, TimeSpan At) : TraceLine(Problem, At)
    {
        /// <summary>The thought that was chosen; null when there is none.</summary>
        public int? Chosen { get; init; }

        /// <summary>The answer; null when there is none.</summary>
        public string? Answer { get; init; }

        /// <summary>How sure the strategy is, 0 to 1.</summary>
        public double? Confidence { get; init; }

        /// <summary>Whether the answer is right; null where nobody knows.</summary>
        public bool? IsCorrect { get; init; }

        /// <summary>Answers that are right, by their thoughts' numbers.</summary>
        public IReadOnlyList<int> Right { get; init; } = [];

        /// <summary>Answers that are wrong.</summary>
        public IReadOnlyList<int> Wrong { get; init; } = [];

        /// <summary>What was spent in all; its steps are the lines before.</summary>
        public Ledger Ledger { get; init; } = new();
    }
}

/// <summary>A token of a trace.</summary>
/// <param name="Id">Its id; -1 where nobody knew it.</param>
/// <param name="Text">The text that became complete with it.</param>
/// <param name="LogProbability">In nats; null where it was not asked for.</param>
public readonly record struct TraceToken(int Id, string Text, double? LogProbability);

/// <summary>The first line of a trace: what the run was.</summary>
/// <param name="Strategy">The strategy's name.</param>
/// <param name="Policy">The policy's name.</param>
/// <param name="Reward">The reward's name; null for none.</param>
/// <param name="Seed">The seed of the run.</param>
public sealed record TraceHead(string Strategy, string Policy, string? Reward, ulong Seed);
