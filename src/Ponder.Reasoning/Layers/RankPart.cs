using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>
/// Puts candidates in order and keeps the best: by the reward model, or by asking the policy for the order of all of them. Candidates that the policy does
/// not name come behind those that it names.
/// </summary>
internal sealed class RankPart : ILayerPart
{
    private const string Either = "either", Reward = "reward", Policy = "policy";

    private readonly int _keep;
    private readonly string _by;
    private readonly Wording _wording;

    private RankPart(PartValues values) => (_keep, _by, _wording) = (values.Whole("keep"), values.Text("by"), Wording.Of(values));

    /// <summary>Its row in the table.</summary>
    public static PartRow Row { get; } = new(
        "rank", "Keeps the best candidates, the better ones first.",
        [
            StrategyOption.Whole("keep", 1, "Candidates to keep.", most: 10_000),
            StrategyOption.OneOf("by", Either, "What tells which are better; either: the reward model where there is one, else the policy.", Either, Reward, Policy),
            Wording.TemperatureOption,
            Wording.Length(256, "Most tokens of the policy's words about the order."),
        ])
    {
        Create = values => new RankPart(values),
    };

    /// <inheritdoc/>
    public bool NeedsReward => _by == Reward;

    /// <inheritdoc/>
    public bool ReadsCritiques => _by != Reward;

    /// <inheritdoc/>
    public int Gives(int arriving) => Math.Min(arriving, _keep);

    /// <inheritdoc/>
    public string? Objection(int arriving) => arriving < 2 ? "at most one candidate comes to it, which leaves nothing to rank" : null;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        if (candidates.Count < 2)
            return candidates;
        var ranked = _by == Policy || session.Settings.Reward is null
            ? await AskAsync(session, candidates).ConfigureAwait(false)
            : await ScoreAsync(session, candidates).ConfigureAwait(false);
        if (ranked is null)
        {
            session.Note("A layer could not rank its candidates, and passed all of them on.");
            return candidates;
        }
        return [.. ranked.Take(_keep)];
    }

    private static async Task<IReadOnlyList<Candidate>?> ScoreAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        await session.ScoreAsync([.. candidates.Select(candidate => candidate.Thought)]).ConfigureAwait(false);
        return candidates.All(candidate => candidate.Thought.Reward is null)
            ? null
            : [.. candidates.OrderByDescending(candidate => candidate.Thought.Reward ?? double.NegativeInfinity)];      // stable: of equals the first
    }

    private async Task<IReadOnlyList<Candidate>?> AskAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        Prompt request = LayerPrompts.Rank(session.Problem, candidates);
        string?[] reply = await _wording.AskAsync(session, [request], "rank").ConfigureAwait(false);
        if (reply[0] is not string text || LayerPrompts.ReadRanking(text, candidates.Count) is not { Count: > 0 } places)
            return null;
        return [.. places.Select(place => candidates[place]), .. candidates.Where((_, place) => !places.Contains(place))];
    }
}
