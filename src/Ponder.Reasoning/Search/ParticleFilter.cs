using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Particle filtering: N thoughts are resampled after every step in proportion to the odds of their rewards, (r / (1 - r))^(1 / temperature); those that
/// came to their ends stay in the draw. Puri et al., arXiv 2502.01618, with systematic resampling, after any step that leaves an effective sample size
/// below a part of N. A reward judges all of a thought so far, so between two resamplings the newest stands for those before it: weights are not
/// multiplied along the way, which would count what is known of a beginning once for every step behind it.
/// </summary>
/// <param name="options">What all searches have in common, N as the width; null for the defaults.</param>
/// <param name="temperature">Above 0.</param>
/// <param name="ess">The part of N that the effective sample size must fall below, 0 to 1: 1 resamples after every step, 0 never.</param>
public sealed class ParticleFilter(SearchOptions? options = null, double temperature = 1, double ess = 1) : SearchStrategy(Row, options)
{
    private const ulong Draws = 0x50617274_69636c65;

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "particle-filter", "Resamples partial thoughts by the odds of their rewards after every step.", "Puri et al., arXiv 2502.01618",
        "at most the tokens of N answers, and their rewards",
        SearchOptions.Rows(
            StrategyOption.Number("temperature", 1, "Of the odds.", 0.001, 100),
            StrategyOption.Number("ess", 1, "Resamples when the effective sample size is below this part of the width; 1 for every step.", 0, 1)),
        values => new ParticleFilter(SearchOptions.Of(values), values.Number("temperature"), values.Number("ess")));

    private protected override async Task SearchAsync(StepSearch search)
    {
        var dice = new Dice(search.Session.Settings.Seed, Draws);
        IReadOnlyList<Thought> open = await search.ExpandAsync([search.Session.Root], [Options.Width]).ConfigureAwait(false);
        var particles = open.Concat(search.Ended).OrderBy(thought => thought.Number).ToList();
        while (search.CanGrow(open))
        {
            double[] weights = Resampling.Weights([.. particles.Select(StepSearch.RewardOf)], temperature);
            bool isUneven = ess >= 1 || Resampling.EffectiveSize(weights) < ess * Options.Width;
            int[] counts = isUneven ? Resampling.Systematic(weights, Options.Width, dice.Next()) : [.. particles.Select(_ => 1)];
            var ended = particles.SelectMany((particle, i) => particle.IsOpen ? [] : Enumerable.Repeat(particle, counts[i])).ToList();
            var goOn = particles.Zip(counts).Where(pair => pair.First.IsOpen).ToList();
            int before = search.Ended.Count;
            open = await search.ExpandAsync([.. goOn.Select(pair => pair.First)], [.. goOn.Select(pair => pair.Second)]).ConfigureAwait(false);
            particles = [.. ended, .. search.Ended.Skip(before), .. open];
        }
        await search.FinishAsync(open).ConfigureAwait(false);
    }
}
