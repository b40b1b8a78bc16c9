using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Layers;

/// <summary>Has the policy name strengths and weaknesses of every candidate, for later parts to read.</summary>
internal sealed class CritiquePart : ILayerPart
{
    private readonly Wording _wording;

    private CritiquePart(PartValues values) => _wording = Wording.Of(values);

    /// <summary>Its row in the table.</summary>
    public static PartRow Row { get; } = new(
        "critique", "Names strengths and weaknesses of every candidate, which later ranks and fusions read.",
        [Wording.TemperatureOption, Wording.Length(256, "Most tokens of a critique.")])
    {
        Create = values => new CritiquePart(values),
    };

    /// <inheritdoc/>
    public bool Critiques => true;

    /// <inheritdoc/>
    public int Gives(int arriving) => arriving;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        string?[] critiques = await _wording.AskAsync(
            session, [.. candidates.Select(candidate => LayerPrompts.Critique(session.Problem, candidate))], "critique").ConfigureAwait(false);
        int missing = critiques.Count(critique => critique is null);
        if (missing > 0)
            session.Note($"A layer passed {missing} of {candidates.Count} candidates on without a critique.");
        return [.. candidates.Select((candidate, i) => candidate with { Critique = critiques[i] ?? candidate.Critique })];
    }
}
