using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Reasoning.Policies;

namespace Ponder.Reasoning.Sessions;

/// <summary>How far thoughts are extended.</summary>
public sealed record ExtendOptions
{
    /// <summary>To the end of the thought.</summary>
    public static ExtendOptions ToEnd { get; } = new();

    /// <summary>Most tokens that each draws now; null for no limit but the thought's own. A thought that comes here stays open.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Ends a step and is part of it; the thought stays open. Null for none.</summary>
    public string? Delimiter { get; init; }

    /// <summary>More texts that end the thought; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>More rules. A token or a text ends the thought; what others end stays open.</summary>
    public IReadOnlyList<StopRule> Rules { get; init; } = [];

    /// <summary>How tokens are drawn; null as in the settings.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>Asked after every token of a thought, on the policy's thread; true leaves off there, and the thought stays open.</summary>
    public Func<Thought, ThoughtToken, bool>? Until { get; init; }

    /// <summary>Keeps the memory of thoughts that come to their end, for whoever appends to them or reads from them later.</summary>
    public bool Hold { get; init; }

    /// <summary>Goes on after the policy's own end token, which is then a token like others.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>The name of the step in the ledger.</summary>
    public string Step { get; init; } = "sample";
}
