using Ponder.Models.Tokenizers;

namespace Ponder.Inference.Generation;

/// <summary>
/// The text of an answer as its tokens arrive, up to where a rule ends it. Text that a rule may yet cut off is held back. The end token and
/// the number of tokens are the caller's to watch; whatever ends the answer, <see cref="Flush"/> gives the rest of its text.
/// </summary>
/// <param name="tokenizer">Decodes the tokens.</param>
/// <param name="rules">Checked rules.</param>
/// <param name="continues">The text goes on after other tokens: a first space is text (<see cref="Tokenizer.CreateDecoder"/>).</param>
internal sealed class AnswerText(Tokenizer tokenizer, IReadOnlyList<StopRule> rules, bool continues = false)
{
    private readonly StreamingDecoder _decoder = tokenizer.CreateDecoder(continues: continues);
    private readonly StopMatcher _matcher = new(rules);
    private readonly int[] _tokens = [.. rules.OfType<StopRule.Token>().Select(rule => rule.Id)];
    private readonly StopRule.When[] _conditions = [.. rules.OfType<StopRule.When>()];

    private char[] _text = new char[64];                        // what is held back; with patterns and conditions all text, which they see
    private int _length;
    private int _shown;
    private int _generated;
    private bool _isCut;                                        // by a rule about text: what was held back is not part of the answer

    /// <summary>The rule that ended the answer, if one has.</summary>
    public FinishReason? Stopped { get; private set; }

    private bool KeepsAll => _matcher.LongestWindow > 0 || _conditions.Length > 0;

    /// <summary>
    /// Adds a token and returns the text that is certain now: whole characters, often none. Once a rule has ended the answer nothing is added.
    /// </summary>
    /// <exception cref="Ponder.Numerics.PonderException">A pattern ran into its match timeout. Exceptions of conditions come out as they are.</exception>
    public string Add(int id)
    {
        if (Stopped is not null)
            return "";
        _generated++;
        if (Array.IndexOf(_tokens, id) >= 0)
        {
            Stopped = FinishReason.StopToken;
            return "";
        }
        string shown = Read(_decoder.Add(id));
        foreach (var condition in _conditions)
        {
            if (Stopped is null && condition.Predicate(new StopView(id, _generated, _text.AsSpan(0, _length))))
                Stopped = FinishReason.Callback;
        }
        return shown;
    }

    /// <summary>Reads a token from before the text: a character that it leaves unfinished is part of the text.</summary>
    public void Begin(int id) => _decoder.Add(id);

    /// <summary>The rest of the text, at the end: what was held back, unless a rule about text has cut it off.</summary>
    /// <param name="isWhole">Nothing follows: an unfinished character becomes U+FFFD. Else it is left out.</param>
    public string Flush(bool isWhole = true)
    {
        if (_isCut)
            return "";
        string shown = Read(isWhole ? _decoder.Flush() : "");
        return _isCut ? shown : shown + Show(_length);
    }

    /// <summary>Reads more text and returns what is certain now.</summary>
    private string Read(string piece)
    {
        int read = Append(piece);
        while (read < _length)
        {
            if (_matcher.Add(_text.AsSpan(0, ++read)) is not { } match)
                continue;
            Stopped ??= match.Reason;
            _isCut = true;
            return Show(match.End);
        }
        int certain = Math.Max(_shown, _length - _matcher.Held);
        if (certain > _shown && char.IsHighSurrogate(_text[certain - 1]))
            certain--;
        // Nearly always nothing was held back and nothing is: the decoder's own string serves.
        return certain - _shown == piece.Length && certain == _length ? ShowAll(piece) : Show(certain);
    }

    /// <summary>Adds a text to the buffer and returns where it begins there.</summary>
    private int Append(string piece)
    {
        if (!KeepsAll && _shown > 0)
        {
            _text.AsSpan(_shown, _length - _shown).CopyTo(_text);
            _length -= _shown;
            _shown = 0;
        }
        int start = _length;
        if (_text.Length - start < piece.Length)
            Array.Resize(ref _text, Math.Max(2 * _text.Length, start + piece.Length));
        piece.CopyTo(_text.AsSpan(start));
        _length = start + piece.Length;
        return start;
    }

    private string ShowAll(string piece)
    {
        _shown = _length;
        return piece;
    }

    private string Show(int end)
    {
        string shown = _text.AsSpan(_shown, end - _shown).ToString();
        _shown = end;
        return shown;
    }
}
