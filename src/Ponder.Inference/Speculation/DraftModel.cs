using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;
using Ponder.Models.Tokenizers;
using Ponder.Numerics;

namespace Ponder.Inference.Speculation;

/// <summary>
/// Lets a smaller model draft for one branch. It draws with the branch's own options, seed and key, so from the same uniform numbers: where the two
/// models agree on a distribution they draw the same token. The drafts of many branches are computed in the smaller model's batch.
/// </summary>
/// <param name="engine">The smaller model's engine.</param>
/// <param name="sampling">How the branch draws.</param>
/// <param name="key">The branch's name in the draws.</param>
internal sealed class DraftModel(Engine engine, SamplingOptions sampling, ulong key)
{
    private Branch? _branch;
    private int _given;                                         // tokens that the branch had before its latest drafts
    private IReadOnlyList<int> _drafts = [];

    /// <summary>Drafts what may follow.</summary>
    /// <param name="tokens">The whole text: what the last call was given, and more.</param>
    /// <param name="count">Tokens to draft, at least 1.</param>
    /// <returns>The drafts; none where the smaller model's context ends.</returns>
    public async Task<IReadOnlyList<int>> DraftAsync(int[] tokens, int count)
    {
        if (tokens.Length + count > engine.Context)
            return [];
        if (_branch is null)
            _branch = engine.CreateBranch(tokens, new BranchOptions { Key = key });
        else
            GoOnFrom(_branch, tokens);
        (_given, _drafts) = (tokens.Length, []);
        var options = new GenerationOptions { Sampling = sampling, MaxTokens = count, IgnoreEnd = true };
        _drafts = (await _branch.ExtendAsync(options).ConfigureAwait(false)).Ids;
        return _drafts;
    }

    /// <summary>Frees the smaller model's branch, not on the calling thread: that may hold its own engine's gate.</summary>
    public void Release()
    {
        if (_branch is { } branch)
            ThreadPool.UnsafeQueueUserWorkItem(_ => branch.Dispose(), null);
    }

    /// <summary>Throws unless the two models have the same tokens.</summary>
    /// <param name="model">The tokenizer of the model that is drafted for.</param>
    /// <param name="vocabulary">Tokens that it has outputs for.</param>
    /// <param name="modelName">Its name, for the message.</param>
    /// <param name="draft">The tokenizer of the smaller model.</param>
    /// <param name="draftVocabulary">Tokens that it has outputs for.</param>
    /// <param name="draftName">Its name, for the message.</param>
    /// <exception cref="PonderException">They have not.</exception>
    public static void DemandSameTokens(Tokenizer model, int vocabulary, string modelName, Tokenizer draft, int draftVocabulary, string draftName)
    {
        if (draftVocabulary != vocabulary || draft.VocabularySize != model.VocabularySize)
        {
            throw new PonderException(
                $"The model {draftName} has {draftVocabulary} tokens and cannot draft for {modelName}, which has {vocabulary}.");
        }
        for (int id = 0; id < model.VocabularySize; id++)
        {
            if (!model.BytesOf(id).Span.SequenceEqual(draft.BytesOf(id).Span))
            {
                throw new PonderException(
                    $"Token {id} is '{draft.NameOf(id)}' in the model {draftName} and '{model.NameOf(id)}' in {modelName}: it cannot draft for it.");
            }
        }
    }

    /// <summary>Takes back the drafts that were not drawn, and adds what was drawn in their place.</summary>
    private void GoOnFrom(Branch branch, int[] tokens)
    {
        int common = _given;
        while (common < tokens.Length && common - _given < _drafts.Count && tokens[common] == _drafts[common - _given])
            common++;
        branch.RollBack(common);
        if (common < tokens.Length)
            branch.Append(tokens[common..]);
    }
}
