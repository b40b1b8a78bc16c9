using Microsoft.Extensions.AI;
using Ponder.Models.Tokenizers;

namespace Ponder.Reasoning.Search.Pruning;

/// <summary>Texts as how often each token occurs in them: alike is what is made of the same tokens, in any order. Needs no model.</summary>
/// <param name="tokenizer">Whose tokens; null for words between blanks.</param>
internal sealed class TokenCounts(Tokenizer? tokenizer) : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        object[][] texts = [.. values.Select(Tokens)];
        var places = texts.SelectMany(tokens => tokens).Distinct().Select((token, i) => (token, i)).ToDictionary(pair => pair.token, pair => pair.i);
        var counts = new GeneratedEmbeddings<Embedding<float>>(texts.Length);
        foreach (object[] text in texts)
        {
            var vector = new float[places.Count];
            foreach (object token in text)
                vector[places[token]]++;
            counts.Add(new Embedding<float>(vector));
        }
        return Task.FromResult(counts);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private object[] Tokens(string text) => tokenizer is null
        ? [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)]
        : [.. tokenizer.Encode(text).Cast<object>()];
}
