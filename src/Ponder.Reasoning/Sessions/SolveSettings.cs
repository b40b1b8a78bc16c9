using Ponder.Inference.Sampling;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Sessions;

/// <summary>How a problem is thought about, whatever the strategy.</summary>
public sealed record SolveSettings
{
    /// <summary>What may be spent.</summary>
    public Budget Budget { get; init; } = Budget.Unlimited;

    /// <summary>How tokens are drawn. Its seed is not used: <see cref="Seed"/> is.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>The seed: the same seed gives the same thoughts.</summary>
    public ulong Seed { get; init; }

    /// <summary>Most tokens drawn for one thought; what is longer is cut there.</summary>
    public int MaxTokens { get; init; } = 1024;

    /// <summary>Texts that end an answer; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>What ends a step of a thought; it is part of it.</summary>
    public string StepDelimiter { get; init; } = "\n\n";

    /// <summary>A smaller policy that drafts steps for strategies which have the policy judge them; null where the strategy needs none. Its tokens count in the budget.</summary>
    public IPolicy? Drafter { get; init; }

    /// <summary>Scores thoughts; null where the strategy needs none.</summary>
    public IRewardModel? Reward { get; init; }

    /// <summary>Checks answers; null for the problem's own verifier, if it has one.</summary>
    public IVerifier? Verifier { get; init; }

    /// <summary>Runs the programs of thoughts that are programs; null where none may be run.</summary>
    public ICodeRunner? Runner { get; init; }

    /// <summary>Most time for one check.</summary>
    public TimeSpan VerifierTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Asks for the log-probabilities of all tokens even where strategy and reward do not need them.</summary>
    public bool LogProbabilities { get; init; }

    /// <summary>Is told what happens, from any thread; must return quickly.</summary>
    public Action<SolveEvent>? Observer { get; init; }
}
