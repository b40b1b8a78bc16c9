using Ponder.Inference.Generation;
using Ponder.Reasoning.Puzzles;
using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Solving;

/// <summary>One sample with its exact verdict.</summary>
/// <param name="Completion">Text and tokens.</param>
/// <param name="Verdict">What the checker says.</param>
/// <param name="Ballot">What it votes for; null for none.</param>
public sealed record CheckedSample(Completion Completion, PuzzleVerdict Verdict, string? Ballot);

/// <summary>What became of a puzzle.</summary>
/// <param name="Puzzle">The puzzle.</param>
/// <param name="Samples">All samples, in order.</param>
/// <param name="PromptTokens">Prompt tokens that were computed: once for all samples.</param>
/// <param name="Seconds">From the first token of the puzzle's batch to its last one; puzzles of a batch overlap.</param>
public sealed record PuzzleResult(IPuzzle Puzzle, IReadOnlyList<CheckedSample> Samples, int PromptTokens, double Seconds)
{
    /// <summary>The vote over all samples.</summary>
    public VoteResult Vote { get; } = MajorityVote.Count(Samples.Select(sample => sample.Ballot));

    /// <summary>
    /// The answer: with an exact checker (countdown) the first sample that is right; where an answer can only be compared (chain) the one most
    /// samples agree on. Null when there is none.
    /// </summary>
    public string? Answer => IsVoted ? Vote.Winner : Samples.FirstOrDefault(sample => sample.Verdict.IsCorrect)?.Verdict.Answer;

    /// <summary>True when the answer is a majority's, false when the checker chose it.</summary>
    public bool IsVoted => Puzzle.Task == PuzzleTasks.Chain;

    /// <summary>True when the answer is right.</summary>
    public bool IsCorrect => IsVoted ? MajorityIsCorrect : SamplesCorrect > 0;

    /// <summary>True when the answer most samples agree on is right.</summary>
    public bool MajorityIsCorrect =>
        Samples.FirstOrDefault(sample => sample.Ballot is not null && sample.Ballot == Vote.Winner)?.Verdict.IsCorrect == true;

    /// <summary>Samples that are right.</summary>
    public int SamplesCorrect => Samples.Count(sample => sample.Verdict.IsCorrect);

    /// <summary>Samples that voted for the winner.</summary>
    public int SamplesAgreed => Vote.Votes;

    /// <summary>Tokens of all samples, end tokens included.</summary>
    public int GeneratedTokens => Samples.Sum(sample => sample.Completion.Ids.Count);
}
