using System.Text;

namespace Ponder.Models.Templates.Runtime;

/// <summary>Builds a text under the limits.</summary>
/// <param name="meter">Counts the characters.</param>
/// <param name="maxLength">Longest text, in UTF-16 units.</param>
/// <param name="what">What the text is, for the error.</param>
internal sealed class TextBuffer(Meter meter, int maxLength, string what)
{
    private readonly StringBuilder _text = new();

    /// <summary>Length so far, in UTF-16 units.</summary>
    public int Length => _text.Length;

    /// <summary>A buffer for a string value.</summary>
    public static TextBuffer ForString(Meter meter) => new(meter, meter.Limits.StringLength, "makes a string");

    /// <summary>Adds text.</summary>
    public TextBuffer Append(ReadOnlySpan<char> text)
    {
        Reserve(text.Length);
        _text.Append(text);
        return this;
    }

    /// <summary>Adds a character.</summary>
    public TextBuffer Append(char c)
    {
        Reserve(1);
        _text.Append(c);
        return this;
    }

    /// <summary>Adds a character so many times.</summary>
    public TextBuffer Append(char c, long count)
    {
        if (count <= 0)
            return this;
        Reserve(count);
        _text.Append(c, (int)count);
        return this;
    }

    /// <summary>The text.</summary>
    public override string ToString()
    {
        meter.Allocate(_text.Length * sizeof(char));
        return _text.ToString();
    }

    private void Reserve(long count)
    {
        if (_text.Length + count > maxLength)
            throw new TemplateFault($"the template {what} of more than {maxLength} characters");
        meter.Allocate(count * sizeof(char));
    }
}
