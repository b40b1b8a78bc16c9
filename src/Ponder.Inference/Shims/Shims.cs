#pragma warning disable IDE0060, CA1822 // until sampling chains and the prefix tree are in
using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Generation
{
    internal sealed class AnswerText(Tokenizer tokenizer, IReadOnlyList<string> rules)
    {
        private readonly StreamingDecoder _decoder = tokenizer.CreateDecoder();
        private readonly StopMatcher _stops = new(rules);
        public string Add(int id) => _stops.Add(_decoder.Add(id));
        public FinishReason? Stopped => _stops.Stopped ? FinishReason.StopText : null;
        public string Flush() => _stops.Add(_decoder.Flush()) + _stops.Flush();
    }
}

namespace Ponder.Inference.Kv
{
    internal sealed class KvMeter { public int Tokens, Peak; public double Average; public void Sample() { } }
}
