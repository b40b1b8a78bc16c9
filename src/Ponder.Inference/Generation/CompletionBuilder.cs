using System.Text;

namespace Ponder.Inference.Generation;

/// <summary>Collects the tokens of an answer.</summary>
public sealed class CompletionBuilder
{
    private const int RoomForTokens = 128;                      // most answers are shorter: they allocate nothing on the way

    private readonly StringBuilder _text = new();
    private readonly List<int> _ids = [];
    private readonly List<double> _logProbabilities = [];
    private FinishReason? _finish;

    /// <summary>Adds the next token.</summary>
    public void Add(GeneratedToken token)
    {
        if (_ids.Count == 0)
        {
            _text.EnsureCapacity(4 * RoomForTokens);
            _ids.EnsureCapacity(RoomForTokens);
            _logProbabilities.EnsureCapacity(token.LogProbability is null ? 0 : RoomForTokens);
        }
        _text.Append(token.Text);
        _ids.Add(token.Id);
        if (token.LogProbability is double logProbability)
            _logProbabilities.Add(logProbability);
        _finish = token.Finish;
    }

    /// <summary>The answer, once its last token was added.</summary>
    /// <exception cref="InvalidOperationException">It has not ended.</exception>
    public Completion Build() => new(_text.ToString(), _ids, _logProbabilities, _finish ?? throw new InvalidOperationException("The answer has not ended."));
}
