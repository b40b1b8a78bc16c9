using Ponder.Inference.Sampling;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Particle filtering: N thoughts are resampled after every step in proportion to the odds of their rewards, (r / (1 - r))^(1 / temperature); those that
/// came to their ends stay in the draw. Puri et al., arXiv 2502.01618, with systematic resampling (Kitagawa 1996), whose counts differ from their
/// expectations by less than one.
/// </summary>
/// <param name="options">What all searches have in common, N as the width; null for the defaults.</param>
/// <param name="temperature">Above 0.</param>
public sealed class ParticleFilter(SearchOptions? options = null, double temperature = 1) : SearchStrategy(Row, options)
{
    private const double Clip = 1e-7;
    private const ulong Draws = 0x50617274_69636c65;            // apart from the thoughts' own draws

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "particle-filter", "Resamples partial thoughts by the odds of their rewards after every step.", "Puri et al., arXiv 2502.01618",
        "at most the tokens of N answers, and their rewards",
        SearchOptions.Rows(StrategyOption.Number("temperature", 1, "Of the odds.", 0.001, 100)),
        values => new ParticleFilter(SearchOptions.Of(values), values.Number("temperature")));

    private protected override async Task SearchAsync(StepSearch search)
    {
        IReadOnlyList<Thought> open = await search.ExpandAsync([search.Session.Root], [Options.Width]).ConfigureAwait(false);
        var particles = open.Concat(search.Ended).OrderBy(thought => thought.Number).ToList();
        for (ulong round = 0; search.CanGrow(open); round++)
        {
            double[] weights = Weights([.. particles.Select(StepSearch.RewardOf)], temperature);
            int[] counts = Resample(weights, Options.Width, CounterRandom.Uniform(search.Session.Settings.Seed, Draws, round));
            var ended = particles.SelectMany((particle, i) => particle.IsOpen ? [] : Enumerable.Repeat(particle, counts[i])).ToList();
            var goOn = particles.Zip(counts).Where(pair => pair.First.IsOpen).ToList();
            int before = search.Ended.Count;
            open = await search.ExpandAsync([.. goOn.Select(pair => pair.First)], [.. goOn.Select(pair => pair.Second)]).ConfigureAwait(false);
            particles = [.. ended, .. search.Ended.Skip(before), .. open];
        }
        await search.FinishAsync(open).ConfigureAwait(false);
    }

    /// <summary>The odds of rewards as weights that sum to 1.</summary>
    /// <param name="rewards">0 to 1 each; at least one.</param>
    /// <param name="temperature">Above 0.</param>
    public static double[] Weights(IReadOnlyList<double> rewards, double temperature)
    {
        ArgumentNullException.ThrowIfNull(rewards);
        double[] logits = [.. rewards.Select(reward => Math.Clamp(reward, Clip, 1 - Clip)).Select(reward => Math.Log(reward / (1 - reward)) / temperature)];
        double top = logits.Max();
        double[] odds = [.. logits.Select(logit => Math.Exp(logit - top))];
        double sum = odds.Sum();
        return [.. odds.Select(odd => odd / sum)];
    }

    /// <summary>How often each of some weights is drawn, by systematic resampling: one uniform number places n evenly spaced marks.</summary>
    /// <param name="weights">Not negative, with the sum 1.</param>
    /// <param name="count">n, at least 1.</param>
    /// <param name="uniform">From 0 to 1, exclusive.</param>
    public static int[] Resample(IReadOnlyList<double> weights, int count, double uniform)
    {
        ArgumentNullException.ThrowIfNull(weights);
        var counts = new int[weights.Count];
        double sum = 0;
        int drawn = 0;
        for (int i = 0; i < counts.Length && drawn < count; i++)
        {
            sum += weights[i];
            while (drawn < count && (drawn + uniform < sum * count || i == counts.Length - 1))
            {
                counts[i]++;
                drawn++;
            }
        }
        return counts;
    }
}
