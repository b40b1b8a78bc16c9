using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Branches;

/// <summary>Draws tokens the slow way: the whole text from scratch for every token, alone, with nothing kept.</summary>
internal sealed class NaiveEngine : IDisposable
{
    private readonly Engine _engine = PuzzleModels.LoadPolicy(new EngineOptions { Threads = 1, CachePrefixes = false });
    private readonly Sampler _sampler = new();

    /// <summary>Adds up to <paramref name="count"/> tokens, the end token being the last.</summary>
    public async Task ExtendAsync(List<int> tokens, int prompt, ulong key, SamplingOptions options, int count)
    {
        var chain = SamplerChain.Create(options, _engine.Tokenizer, _engine.Model.Config.Vocabulary);
        var state = chain.NewState();
        for (int i = 0; i < count; i++)
        {
            float[] logits = (await _engine.OutputsAsync([tokens]))[0];
            var draw = _sampler.Next(logits, chain, ref state, tokens.ToArray(), prompt, key, (ulong)tokens.Count, details: false);
            tokens.Add(draw.Id);
            if (_engine.Tokenizer.Special.EndOfGeneration.Contains(draw.Id))
                return;
        }
    }

    public void Dispose() => _engine.Dispose();
}
