using Microsoft.Extensions.AI;

namespace Ponder.Inference.Embeddings;

/// <summary>An engine as the <see cref="IEmbeddingGenerator{TInput, TEmbedding}"/> of Microsoft.Extensions.AI.</summary>
/// <param name="engine">The engine, best one with an encoder; the generator does not own it.</param>
public sealed class PonderEmbeddingGenerator(Engine engine) : IEmbeddingGenerator<string, Embedding<float>>
{
    private readonly EmbeddingGeneratorMetadata _metadata =
        new("ponder", null, Path.GetFileName(engine.Model.Path.Weights), engine.Model.Config.Width);

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The options ask for another number of dimensions than the model has.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is int dimensions && dimensions != engine.Model.Config.Width)
            throw new NotSupportedException($"The model's embeddings have {engine.Model.Config.Width} dimensions, not {dimensions}.");
        int[][] texts = [.. values.Select(engine.EncodePrompt)];
        float[][] vectors = await engine.EmbedAsync(texts, cancellationToken).ConfigureAwait(false);
        int tokens = texts.Sum(text => text.Length);
        var embeddings = vectors.Select(vector => new Embedding<float>(vector) { ModelId = _metadata.DefaultModelId });
        return new GeneratedEmbeddings<Embedding<float>>(embeddings)
        {
            Usage = new UsageDetails { InputTokenCount = tokens, TotalTokenCount = tokens },
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        AdapterServices.Find(serviceType, serviceKey, _metadata, engine, this);

    /// <summary>Does nothing: the engine belongs to its maker.</summary>
    public void Dispose()
    {
    }
}
