#pragma warning disable IDE0060, CA1822 // until sampling chains and the prefix tree are in
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Sampling
{
    internal sealed class SamplerChain
    {
        public SamplingOptions Options = null!;
        public static SamplerChain Create(SamplingOptions options, Tokenizer tokenizer, int vocabulary) => new() { Options = options };
        public SamplerState NewState() => default;
    }

    internal struct SamplerState { public float Mu; }

    internal readonly record struct Draw(int Id, float LogProbability, float SampledLogProbability, float Entropy);
}

namespace Ponder.Inference.Kv
{
    internal sealed class KvMeter { public int Tokens, Peak; public double Average; public void Sample() { } }
}
