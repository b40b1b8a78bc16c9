using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Beam search that looks ahead: every step that was drawn goes on for k more, always with the likeliest token, and the reward of what comes of that is the
/// step's. The look ahead is not kept. Snell et al., arXiv 2408.03314.
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="expand">Ways that each kept thought goes on in, at least 1.</param>
/// <param name="ahead">k, steps to look ahead, at least 1.</param>
public sealed class Lookahead(SearchOptions? options = null, int expand = 4, int ahead = 1) : SearchStrategy(Row, options)
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "lookahead", "A beam whose steps are judged by what comes of them some steps further on.", "Snell et al., arXiv 2408.03314",
        "the tokens of up to (1 + k) W answers, and their rewards",
        SearchOptions.Rows(
            StrategyOption.Whole("expand", 4, "Ways that each kept thought goes on in."),
            StrategyOption.Whole("ahead", 1, "Steps to look ahead.", most: 1000)),
        values => new Lookahead(SearchOptions.Of(values), values.Whole("expand"), values.Whole("ahead")))
    {
        AnswersPerUnit = 2,
    };

    private protected override Task SearchAsync(StepSearch search)
    {
        search.Value = thoughts => LookAheadAsync(search, thoughts);
        return BeamSearch.SearchAsync(search, Options.Width, expand);
    }

    // Those that ended have nothing before them but their own reward.
    private async Task LookAheadAsync(StepSearch search, IReadOnlyList<Thought> thoughts)
    {
        var session = search.Session;
        Thought[] open = [.. thoughts.Where(thought => thought.IsOpen)];
        Thought[] scouts = [.. open.Select(thought => session.Fork(thought, 1)[0])];
        var greedy = session.Settings.Sampling with { Temperature = 0 };
        for (int step = 0; step < ahead && session.CanDraw && Array.Exists(scouts, scout => scout.IsOpen); step++)
            await search.ExtendAsync(scouts, greedy, "look ahead").ConfigureAwait(false);
        await session.ScoreAsync(StepSearch.Whole([.. thoughts.Where(thought => !thought.IsOpen), .. scouts])).ConfigureAwait(false);
        for (int i = 0; i < open.Length; i++)
            session.Value(open[i], scouts[i].Reward);
        session.Reject(scouts);
    }
}
