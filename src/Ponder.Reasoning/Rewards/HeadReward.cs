using Ponder.Inference;
using Ponder.Models.Configuration;
using Ponder.Models.Tokenizers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Rewards;

/// <summary>
/// A reward model with a head, in an engine of its own: a score for a sequence (one output), classes per token (the softmax of one of them), or a language
/// model that says <c>+</c> or <c>-</c> behind every step (Wang et al., arXiv 2312.08935). A thought that grows, and what is forked from it, is computed only
/// as far as it is new. With the policy's own tokenizer its tokens are taken as they are; else the text is put into the reward model's.
/// </summary>
public sealed class HeadReward : IRewardModel
{
    private readonly bool _ownsEngine;
    private Comparison? _policy;                                // with the latest policy that was asked about

    /// <summary>Reads rewards from a loaded model.</summary>
    /// <param name="engine">The reward model; it stays the caller's.</param>
    /// <param name="options">How.</param>
    /// <exception cref="RewardException">The model gives no rewards, or an option does not fit it.</exception>
    public HeadReward(Engine engine, HeadRewardOptions? options = null)
        : this(engine, options ?? new HeadRewardOptions(), ownsEngine: false)
    {
    }

    private HeadReward(Engine engine, HeadRewardOptions options, bool ownsEngine)
    {
        ArgumentNullException.ThrowIfNull(engine);
        (Engine, Options, _ownsEngine) = (engine, options, ownsEngine);
        Head = RewardHead.Of(engine, options);
        Tag = string.IsNullOrEmpty(options.Tag) ? [] : engine.Tokenizer.Encode(options.Tag, new EncodeOptions { ParseSpecial = true });
        Name = options.Name ?? Path.GetFileName(engine.Model.Path.Folder ?? engine.Model.Path.Weights);
    }

    /// <summary>Loads a reward model, which is freed with this.</summary>
    /// <param name="path">A GGUF or safetensors file, or a folder with one.</param>
    /// <param name="options">How its outputs are read.</param>
    /// <param name="engine">How it uses the machine.</param>
    /// <exception cref="Models.Files.ModelFileException">The model cannot be loaded.</exception>
    /// <exception cref="RewardException">The model gives no rewards, or an option does not fit it.</exception>
    public static HeadReward Load(string path, HeadRewardOptions? options = null, EngineOptions? engine = null)
    {
        var loaded = Engine.Load(path, engine);
        try
        {
            return new HeadReward(loaded, options ?? new HeadRewardOptions(), ownsEngine: true);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public bool IsExact => false;

    /// <inheritdoc/>
    public string Cost => $"its tokens, once, through {Name}";

    /// <inheritdoc/>
    public (double Low, double High) Range => Head.Range;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.None;

    /// <summary>The reward model.</summary>
    public Engine Engine { get; }

    internal HeadRewardOptions Options { get; }

    internal RewardHead Head { get; }

    internal IReadOnlyList<int> Tag { get; }

    /// <inheritdoc/>
    public IScorer Open(SolveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        bool isWhole = Engine.Model.Config.Head == HeadKind.SequenceScore;
        return new HeadScorer(this, session, Options.StepMark ?? (isWhole ? "" : session.Settings.StepDelimiter), SharesTokens(session.Policy));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsEngine)
            Engine.Dispose();
    }

    private bool SharesTokens(IPolicy policy)
    {
        if (policy.Tokenizer is not { } tokenizer)
            return false;
        var known = _policy;
        if (known?.Of != tokenizer)
            _policy = known = new Comparison(tokenizer, AreSame(tokenizer, Engine.Tokenizer));
        return known.IsSame;
    }

    private static bool AreSame(Tokenizer a, Tokenizer b)
    {
        if (a == b)
            return true;
        if (a.VocabularySize != b.VocabularySize)
            return false;
        for (int id = 0; id < a.VocabularySize; id++)
        {
            if (a.IsSpecial(id) != b.IsSpecial(id) || !a.BytesOf(id).Span.SequenceEqual(b.BytesOf(id).Span))
                return false;
        }
        return true;
    }

    private sealed record Comparison(Tokenizer Of, bool IsSame);
}
