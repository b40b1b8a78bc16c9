namespace Ponder.Reasoning.Statistics;

/// <summary>The outcome of a vote.</summary>
/// <param name="Leaders">The answers with the most votes, in the order they were first seen; empty when nobody voted.</param>
/// <param name="Votes">How many votes each leader has.</param>
/// <param name="Voters">How many samples voted; those without an answer do not.</param>
public sealed record VoteResult(IReadOnlyList<string> Leaders, int Votes, int Voters)
{
    /// <summary>The answer chosen: of those with the most votes, the one seen first; null when nobody voted.</summary>
    public string? Winner => Leaders.Count > 0 ? Leaders[0] : null;

    /// <summary>
    /// The chance that the choice is right when ties are broken at random: the share of right ones among the leaders, 0 when nobody voted.
    /// Samples come in no order that means anything, so choosing the first seen has the same expectation; this one has less noise.
    /// </summary>
    public double ExpectedAccuracy(Predicate<string> isCorrect)
    {
        ArgumentNullException.ThrowIfNull(isCorrect);
        return Leaders.Count == 0 ? 0 : Leaders.Average(leader => isCorrect(leader) ? 1.0 : 0.0);
    }
}

/// <summary>Majority voting (self-consistency, Wang et al., arXiv 2203.11171): the answer that most samples agree on.</summary>
public static class MajorityVote
{
    /// <summary>Counts the votes.</summary>
    /// <param name="ballots">One answer a sample, in the order drawn; null for a sample without one, which does not vote.</param>
    public static VoteResult Count(IEnumerable<string?> ballots)
    {
        ArgumentNullException.ThrowIfNull(ballots);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new List<string>();
        int voters = 0;
        foreach (string? ballot in ballots)
        {
            if (ballot is null)
                continue;
            voters++;
            if (counts.TryGetValue(ballot, out int votes))
            {
                counts[ballot] = votes + 1;
                continue;
            }
            counts[ballot] = 1;
            seen.Add(ballot);
        }
        int most = counts.Count > 0 ? counts.Values.Max() : 0;
        return new VoteResult(seen.FindAll(answer => counts[answer] == most), most, voters);
    }

    /// <summary>
    /// The accuracy of a vote among k samples of one problem: the mean of <see cref="VoteResult.ExpectedAccuracy"/> over the n/k groups of
    /// neighbours that n samples make; what is left over at the end is not used.
    /// </summary>
    /// <param name="ballots">The n answers in the order drawn; null for a sample without one.</param>
    /// <param name="k">Samples a vote, 1 to n.</param>
    /// <param name="isCorrect">Whether an answer is right.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is outside its range.</exception>
    public static double AccuracyAt(IReadOnlyList<string?> ballots, int k, Predicate<string> isCorrect)
    {
        ArgumentNullException.ThrowIfNull(ballots);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, ballots.Count);
        return Enumerable.Range(0, ballots.Count / k)
            .Average(group => Count(ballots.Skip(group * k).Take(k)).ExpectedAccuracy(isCorrect));
    }
}
