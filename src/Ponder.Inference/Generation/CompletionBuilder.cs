using System.Text;

namespace Ponder.Inference.Generation;

/// <summary>Collects the tokens of an answer.</summary>
internal sealed class CompletionBuilder
{
    private readonly StringBuilder _text = new();
    private readonly List<int> _ids = [];
    private readonly List<double> _logProbabilities = [];
    private FinishReason? _finish;

    public void Add(GeneratedToken token)
    {
        _text.Append(token.Text);
        _ids.Add(token.Id);
        if (token.LogProbability is double logProbability)
            _logProbabilities.Add(logProbability);
        _finish = token.Finish;
    }

    public Completion Build() => new(_text.ToString(), _ids, _logProbabilities, _finish ?? throw new InvalidOperationException("The answer has not ended."));
}
