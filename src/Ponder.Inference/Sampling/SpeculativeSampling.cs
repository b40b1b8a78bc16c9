namespace Ponder.Inference.Sampling;

/// <summary>
/// Speculation by rejection (Leviathan et al., arXiv 2211.17192; Chen et al., arXiv 2302.01318): a token that was drawn from a draft model's
/// distribution q is accepted with probability min(1, p / q), else replaced by one from max(0, p - q): the result is distributed as the target's p,
/// exactly. Uniform numbers come from streams that plain draws do not use. Holds buffers only.
/// </summary>
internal sealed class SpeculativeSampling
{
    private float[] _draft = [];                                // q by id, 0 between calls

    /// <summary>Draws a draft token.</summary>
    /// <param name="ids">Distinct ids, as <see cref="Sampler.Distribution"/> gives them.</param>
    /// <param name="probabilities">Of each id.</param>
    /// <param name="seed">The seed of the request.</param>
    /// <param name="path">The branch.</param>
    /// <param name="position">The token's number.</param>
    public static int DrawDraft(ReadOnlySpan<int> ids, ReadOnlySpan<float> probabilities, ulong seed, ulong path, ulong position) =>
        ids[Draw(probabilities, CounterRandom.Uniform(seed, path, position, RandomStream.Draft))];

    /// <summary>Accepts or replaces a draft token.</summary>
    /// <param name="targetIds">Distinct ids of the target's distribution.</param>
    /// <param name="target">p of each.</param>
    /// <param name="draftIds">Distinct ids of the draft's distribution.</param>
    /// <param name="draft">q of each.</param>
    /// <param name="drafted">The token that was drawn from q.</param>
    /// <param name="vocabulary">Ids of both run below this.</param>
    /// <param name="seed">The seed of the request.</param>
    /// <param name="path">The branch.</param>
    /// <param name="position">The token's number.</param>
    /// <returns>The token, and whether it is the drafted one by acceptance: only then may the next drafted token be tried.</returns>
    public (int Id, bool IsAccepted) Next(
        ReadOnlySpan<int> targetIds, ReadOnlySpan<float> target, ReadOnlySpan<int> draftIds, ReadOnlySpan<float> draft, int drafted, int vocabulary,
        ulong seed, ulong path, ulong position) => Next(
            targetIds, target, draftIds, draft, drafted, vocabulary,
            CounterRandom.Uniform(seed, path, position, RandomStream.Acceptance), CounterRandom.Uniform(seed, path, position, RandomStream.Residual));

    /// <summary>The same with given uniform numbers in [0, 1).</summary>
    internal (int Id, bool IsAccepted) Next(
        ReadOnlySpan<int> targetIds, ReadOnlySpan<float> target, ReadOnlySpan<int> draftIds, ReadOnlySpan<float> draft, int drafted, int vocabulary,
        double acceptance, double residual)
    {
        int place = targetIds.IndexOf(drafted), draftPlace = draftIds.IndexOf(drafted);
        if (draftPlace < 0 || !(draft[draftPlace] > 0))
            throw new ArgumentException($"Token {drafted} cannot have been drawn from the draft's distribution.", nameof(drafted));
        if (place >= 0 && acceptance * draft[draftPlace] < target[place])
            return (drafted, true);
        if (_draft.Length < vocabulary)
            _draft = new float[vocabulary];
        for (int i = 0; i < draftIds.Length; i++)
            _draft[draftIds[i]] = draft[i];
        int drawn = DrawExcess(targetIds, target, residual);
        foreach (int id in draftIds)
            _draft[id] = 0;
        return (targetIds[drawn], false);
    }

    /// <summary>Draws from max(0, p - q). Where that is nothing, p and q differ by rounding alone, and p is as good.</summary>
    private int DrawExcess(ReadOnlySpan<int> ids, ReadOnlySpan<float> target, double uniform)
    {
        double mass = 0;
        for (int i = 0; i < ids.Length; i++)
            mass += Math.Max(0, target[i] - _draft[ids[i]]);
        if (mass == 0)
            return Draw(target, uniform);
        double sum = 0;
        int drawn = 0;
        for (int i = 0; i < ids.Length && sum <= uniform * mass; i++)
        {
            float excess = Math.Max(0, target[i] - _draft[ids[i]]);
            if (excess > 0)
                drawn = i;
            sum += excess;
        }
        return drawn;
    }

    private static int Draw(ReadOnlySpan<float> probabilities, double uniform)
    {
        double mass = 0;
        foreach (float probability in probabilities)
            mass += probability;
        double sum = 0;
        int drawn = 0;
        for (int i = 0; i < probabilities.Length && sum <= uniform * mass; i++)
        {
            if (probabilities[i] > 0)
                drawn = i;
            sum += probabilities[i];
        }
        return drawn;
    }
}
