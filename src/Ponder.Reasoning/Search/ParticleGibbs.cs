using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Particle Gibbs: several sweeps of particle filtering. One particle of each, drawn by the odds of its reward, goes through the next unchanged, and new
/// ones may fork from its beginnings. Puri et al., arXiv 2502.01618, after Andrieu, Doucet and Holenstein 2010. The width is the number of new particles in
/// all sweeps together, so that the cost does not grow with the sweeps.
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="iterations">T, sweeps, at least 1; no more than the width.</param>
/// <param name="temperature">Of the odds, above 0.</param>
public sealed class ParticleGibbs(SearchOptions? options = null, int iterations = 4, double temperature = 1) : SearchStrategy(Row, options)
{
    private const ulong Draws = 0x47696262_73000000;

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "particle-gibbs", "Sweeps of particle filtering, each with a particle of the last one as its guide.", "Puri et al., arXiv 2502.01618",
        "at most the tokens of W answers, and their rewards",
        SearchOptions.Rows(
            StrategyOption.Whole("iterations", 4, "Sweeps, which share the width."),
            StrategyOption.Number("temperature", 1, "Of the odds.", 0.001, 100)),
        values => new ParticleGibbs(SearchOptions.Of(values), values.Whole("iterations"), values.Number("temperature")));

    private protected override async Task SearchAsync(StepSearch search)
    {
        var dice = new Dice(search.Session.Settings.Seed, Draws);
        var tree = new ParticleTree(search);
        IReadOnlyList<Thought> reference = [];
        foreach (int fresh in Shares(Options.Width, iterations))
        {
            if (!search.Session.CanDraw)
                break;
            var population = new Population(fresh, temperature, reference, dice);
            await tree.SweepAsync([population]).ConfigureAwait(false);
            reference = population.DrawReference();
            tree.ReleaseAllBut(reference);
        }
        tree.ReleaseAllBut([]);
    }

    /// <summary>Shares a number evenly; what is left over goes to the first. No share is 0: there are fewer instead.</summary>
    internal static IEnumerable<int> Shares(int number, int parts)
    {
        parts = Math.Min(number, parts);
        return Enumerable.Range(0, parts).Select(i => (number / parts) + (i < number % parts ? 1 : 0));
    }
}
