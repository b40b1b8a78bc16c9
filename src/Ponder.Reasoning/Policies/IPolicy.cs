using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Tokenizers;
using Ponder.Reasoning.Problems;

namespace Ponder.Reasoning.Policies;

/// <summary>Whatever thinks: an engine in this process, a chat client, or a script in a test. Safe to use from many threads.</summary>
public interface IPolicy
{
    /// <summary>The name in reports.</summary>
    string Name { get; }

    /// <summary>What it can do.</summary>
    PolicyFeatures Features { get; }

    /// <summary>What <see cref="IPolicyBranch.TokenIds"/> are ids of; null where nobody knows.</summary>
    Tokenizer? Tokenizer => null;

    /// <summary>Begins to count what is used for one problem.</summary>
    IPolicySession Open();
}

/// <summary>A policy at work on one problem.</summary>
public interface IPolicySession : IDisposable
{
    /// <summary>What was computed so far.</summary>
    PolicyUsage Usage { get; }

    /// <summary>What the user should know of the policy's work so far, in sentences: what it cannot count, or did not keep to.</summary>
    IReadOnlyList<string> Notes => [];

    /// <summary>Starts a branch with a prompt. Nothing is computed yet.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="key">The branch's name in the draws.</param>
    IPolicyBranch Start(Prompt prompt, ulong key);

    /// <summary>Extends branches, all from the same step on. Each task ends for itself, with the reason.</summary>
    IReadOnlyList<Task<FinishReason>> Extend(IReadOnlyList<Continuation> continuations, CancellationToken cancellationToken);

    /// <summary>How likely each text is to come next, as the probability of its first token.</summary>
    /// <exception cref="NotSupportedException">Without <see cref="PolicyFeatures.Choices"/>.</exception>
    Task<double[]> ChoicesAsync(IPolicyBranch branch, IReadOnlyList<string> choices, CancellationToken cancellationToken);

    /// <summary>The hidden states of the last token.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="layers">0: the embeddings; i: after layer i; negative ones count from the end, -1 after the final norm.</param>
    /// <param name="cancellationToken">Stops within one step.</param>
    /// <returns>The layers' states one after another.</returns>
    /// <exception cref="NotSupportedException">Without <see cref="PolicyFeatures.HiddenStates"/>.</exception>
    Task<float[]> HiddenStatesAsync(IPolicyBranch branch, IReadOnlyList<int> layers, CancellationToken cancellationToken);
}

/// <summary>A branch of a policy. Disposal ends what runs and frees its memory.</summary>
public interface IPolicyBranch : IDisposable
{
    /// <summary>Tokens, the prompt's included; 0 where nobody knows.</summary>
    int Length { get; }

    /// <summary>Another branch with the same tokens.</summary>
    /// <param name="key">Its name in the draws.</param>
    IPolicyBranch Fork(ulong key);

    /// <summary>Adds given text. What ended the branch and is not part of its text, an end token or a stop text, is dropped before.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mayNameTokens">Names of control tokens in it are those tokens: for texts of the strategy's own, never of a model's or a user's.</param>
    /// <returns>How many tokens it came to.</returns>
    int Append(string text, bool mayNameTokens = false);

    /// <summary>The ids of all tokens, with the prompt's, also after the disposal; null where nobody knows them.</summary>
    IReadOnlyList<int>? TokenIds();
}

/// <summary>One branch to extend.</summary>
/// <param name="Branch">The branch.</param>
/// <param name="Sampling">How tokens are drawn.</param>
/// <param name="MaxTokens">Most tokens to draw, at least 1.</param>
public sealed record Continuation(IPolicyBranch Branch, SamplingOptions Sampling, int MaxTokens)
{
    /// <summary>What else ends it; in the order and with the meaning of the engine's rules.</summary>
    public IReadOnlyList<StopRule> Rules { get; init; } = [];

    /// <summary>Goes on after the model's own end token.</summary>
    public bool IgnoreEnd { get; init; }

    /// <summary>Whether tokens come with log-probability, entropy and confidence.</summary>
    public bool LogProbabilities { get; init; }

    /// <summary>
    /// Called for every token as it is drawn, in order, on the policy's thread; true ends the extension after it. Must return quickly.
    /// </summary>
    public required Func<ThoughtToken, bool> OnToken { get; init; }

    /// <summary>Called at the end with text that was held back until then, because a rule might have cut it off; not called when there is none.</summary>
    public Action<string>? OnRest { get; init; }
}

/// <summary>A token that was drawn, or what a policy that tells no tokens gives at once. What is not known is NaN.</summary>
/// <param name="Id">Its id; -1 where nobody knows it.</param>
/// <param name="Text">The text that became complete with it; often empty.</param>
public readonly record struct ThoughtToken(int Id, string Text)
{
    /// <summary>
    /// Whether the policy came to its end with it: an end token, or the last token of a stop text. Whoever waits for the first to end knows it at once.
    /// </summary>
    public bool IsEnd { get; init; }

    /// <summary>How many tokens it stands for: 1 but for whole answers; 0 where nobody counts them.</summary>
    public int Count { get; init; } = 1;

    /// <summary>In nats, under the policy's own distribution.</summary>
    public float LogProbability { get; init; } = float.NaN;

    /// <summary>Of the policy's own distribution, in nats.</summary>
    public float Entropy { get; init; } = float.NaN;

    /// <summary>The distribution's divergence from the uniform one, KL(U || p), in nats (self-certainty: Kang et al., arXiv 2502.18581).</summary>
    public float SelfCertainty { get; init; } = float.NaN;

    /// <summary>Minus the mean log-probability of the 20 most likely tokens, in nats (token confidence: Fu et al., arXiv 2508.15260).</summary>
    public float Confidence { get; init; } = float.NaN;
}

/// <summary>What a policy computed.</summary>
/// <param name="PromptTokens">Given tokens that were computed, each once however many thoughts share it.</param>
/// <param name="GeneratedTokens">Tokens that were drawn.</param>
/// <param name="ReusedTokens">Given tokens whose keys and values were there already.</param>
/// <param name="RecomputedTokens">Tokens computed again, for want of memory or to read hidden states.</param>
/// <param name="Steps">Forward passes that the work took part in.</param>
/// <param name="AverageKvTokens">Unique tokens in KV memory, averaged over these steps.</param>
/// <param name="PeakKvTokens">The most of them.</param>
/// <param name="Flops">Estimated floating-point operations; NaN where the model is not known.</param>
/// <param name="Bytes">Estimated bytes moved from memory: weights once a step, unique keys and values once a step.</param>
public readonly record struct PolicyUsage(
    long PromptTokens, long GeneratedTokens, long ReusedTokens, long RecomputedTokens, long Steps, double AverageKvTokens, int PeakKvTokens,
    double Flops, double Bytes)
{
    /// <summary>What two policies computed that work side by side on one problem.</summary>
    public static PolicyUsage operator +(in PolicyUsage a, in PolicyUsage b) => new(
        a.PromptTokens + b.PromptTokens, a.GeneratedTokens + b.GeneratedTokens, a.ReusedTokens + b.ReusedTokens, a.RecomputedTokens + b.RecomputedTokens,
        a.Steps + b.Steps, a.Steps + b.Steps == 0 ? 0 : ((a.AverageKvTokens * a.Steps) + (b.AverageKvTokens * b.Steps)) / (a.Steps + b.Steps),
        a.PeakKvTokens + b.PeakKvTokens, a.Flops + b.Flops, a.Bytes + b.Bytes);
}
