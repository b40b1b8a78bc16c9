namespace Ponder.Inference.Generation;

/// <summary>What <see cref="StopRule.When"/> is asked about: an answer up to its newest token. Valid during the call.</summary>
public readonly ref struct StopView
{
    internal StopView(int token, int generated, ReadOnlySpan<char> text)
    {
        Token = token;
        Generated = generated;
        Text = text;
    }

    /// <summary>The newest token.</summary>
    public int Token { get; }

    /// <summary>Tokens that were generated, the newest included.</summary>
    public int Generated { get; }

    /// <summary>The whole characters of these tokens, also those that are not shown yet.</summary>
    public ReadOnlySpan<char> Text { get; }
}
