namespace Ponder.Inference.Sampling.Steps;

/// <summary>The part of the tokens before that a penalty looks at.</summary>
internal static class History
{
    /// <summary>The last <paramref name="window"/> tokens; all for 0.</summary>
    public static ReadOnlySpan<int> Last(ReadOnlySpan<int> history, int window) =>
        window == 0 || window >= history.Length ? history : history[^window..];
}
