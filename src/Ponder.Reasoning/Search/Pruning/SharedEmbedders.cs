using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using Ponder.Inference;
using Ponder.Inference.Embeddings;

namespace Ponder.Reasoning.Search.Pruning;

/// <summary>Embedding models that strategies name by their paths. Strategies have no end of their own, so each model is loaded once and stays.</summary>
internal static class SharedEmbedders
{
    private static readonly ConcurrentDictionary<string, Lazy<IEmbeddingGenerator<string, Embedding<float>>>> Loaded = new();

    /// <summary>The model at a path, loaded when it is first asked for.</summary>
    /// <exception cref="Numerics.PonderException">It cannot be loaded; another attempt may be made.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> Of(string path)
    {
        string key = Path.GetFullPath(path);
        try
        {
            return Loaded.GetOrAdd(key, _ => new(() => new PonderEmbeddingGenerator(Engine.Load(path)))).Value;
        }
        catch
        {
            Loaded.TryRemove(key, out _);
            throw;
        }
    }
}
