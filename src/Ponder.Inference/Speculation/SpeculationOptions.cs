namespace Ponder.Inference.Speculation;

/// <summary>
/// Drafts of what may follow, computed together with the token before them: those that equal what is drawn are kept, so that a step gives several
/// tokens. Every token is drawn as it would be without drafts; the text is the same at any temperature.
/// </summary>
public sealed record SpeculationOptions
{
    /// <summary>Largest <see cref="MaxDraft"/>.</summary>
    public const int MostDrafts = 64;

    /// <summary>Copies drafts from the prompt and the answer, where its newest tokens stood before; on by default.</summary>
    public bool Copy { get; init; } = true;

    /// <summary>
    /// A smaller model with the same tokens, which drafts where nothing is copied; null (the default) for none. It must live until the answer is
    /// complete; if it fails, so does the answer.
    /// </summary>
    public Engine? Draft { get; init; }

    /// <summary>Most tokens of a draft, 1 to <see cref="MostDrafts"/>.</summary>
    public int MaxDraft { get; init; } = 16;

    /// <summary>Newest tokens that must have stood before to copy what followed them, 1 to 16.</summary>
    public int MinMatch { get; init; } = 3;

    /// <summary>Returns the options if every field is in range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names the field that is not.</exception>
    public SpeculationOptions Validated()
    {
        if (MaxDraft is < 1 or > MostDrafts)
            throw new ArgumentOutOfRangeException(nameof(MaxDraft), MaxDraft, $"MaxDraft must be from 1 to {MostDrafts}.");
        if (MinMatch is < 1 or > 16)
            throw new ArgumentOutOfRangeException(nameof(MinMatch), MinMatch, "MinMatch must be from 1 to 16.");
        return this;
    }
}
