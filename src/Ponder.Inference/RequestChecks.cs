using System.Runtime.CompilerServices;
using Ponder.Inference.Generation;
using Ponder.Inference.Speculation;
using Ponder.Models.Configuration;
using Ponder.Models.Files;
using Ponder.Models.Loading;
using Ponder.Numerics;

namespace Ponder.Inference;

/// <summary>What a model can be asked for, checked before anything is computed.</summary>
internal sealed class RequestChecks(ModelPackage model)
{
    private readonly ConditionalWeakTable<Engine, RequestChecks> _drafts = [];      // smaller models that were found to fit

    /// <summary>Throws unless the model can answer all requests.</summary>
    /// <exception cref="ContextLengthException">A prompt does not fit the context.</exception>
    public void Demand(IReadOnlyList<GenerationRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        DemandLanguageModel("generate text");
        foreach (var request in requests)
        {
            DemandOptions(request.Options);
            ArgumentOutOfRangeException.ThrowIfLessThan(request.Samples, 1, nameof(GenerationRequest.Samples));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Samples, GenerationRequest.MaxSamples, nameof(GenerationRequest.Samples));
            DemandTokens(request.Prompt, "The prompt");
        }
    }

    /// <summary>Throws unless every option can be followed with this model.</summary>
    /// <exception cref="ArgumentException">Names the option that cannot.</exception>
    /// <exception cref="PonderException">The smaller model of <see cref="SpeculationOptions.Draft"/> does not fit.</exception>
    public void DemandOptions(GenerationOptions options)
    {
        options.Validated();
        options.Sampling.Validated(model.Config.Vocabulary);
        StopRule.Demand(options.AllRules, model.Config.Vocabulary);
        if (options.Speculation?.Draft is { } draft && !_drafts.TryGetValue(draft, out _))
        {
            new RequestChecks(draft.Model).DemandLanguageModel("draft text");
            DraftModel.DemandSameTokens(
                model.Tokenizer, model.Config.Vocabulary, model.Path.Weights, draft.Tokenizer, draft.Model.Config.Vocabulary, draft.Model.Path.Weights);
            _drafts.AddOrUpdate(draft, this);
        }
    }

    /// <summary>Throws unless the model is a language model.</summary>
    /// <param name="what">What it should do, for the message: <c>generate text</c>.</param>
    /// <exception cref="ModelFileException">The model has another head.</exception>
    public void DemandLanguageModel(string what)
    {
        if (model.Config.Head != HeadKind.LanguageModel)
            throw new ModelFileException(model.Path.Weights, $"the model has a {model.Config.Head} head and cannot {what}");
    }

    /// <summary>Throws unless these are tokens of the model, at least one and no more than its context holds.</summary>
    /// <param name="tokens">Token ids.</param>
    /// <param name="what">What they are, for the message: <c>The prompt</c>.</param>
    /// <exception cref="ContextLengthException">They do not fit the context.</exception>
    public void DemandTokens(IReadOnlyList<int> tokens, string what)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0)
            throw new ArgumentException($"{what} is empty; at least one token is needed.", nameof(tokens));
        if (tokens.Count > model.Config.Context)
            throw new ContextLengthException(tokens.Count, model.Config.Context, what);
        foreach (int id in tokens)
        {
            if ((uint)id >= (uint)model.Config.Vocabulary)
                throw new ArgumentOutOfRangeException(nameof(tokens), id, $"Token ids run from 0 to {model.Config.Vocabulary - 1}.");
        }
    }

    /// <summary>Returns what a model gave if every number of it is finite.</summary>
    /// <exception cref="PonderException">One is not.</exception>
    public static T[] DemandFinite<T>(T[] values, string what) where T : System.Numerics.INumberBase<T>
    {
        if (!Array.TrueForAll(values, T.IsFinite))
            throw new PonderException($"The model gave a {what} that is not finite; its weights are broken or overflow float32.");
        return values;
    }
}
