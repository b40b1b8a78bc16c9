using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Search;

/// <summary>
/// Parallel tempering of particle Gibbs: M chains side by side, from a hot one whose resampling hardly looks at the rewards to a cold one that follows
/// them. After every sweep neighbours swap their references with the probability that leaves both chains' targets as they are. Puri et al., arXiv
/// 2502.01618. The width is the number of new particles of all chains and sweeps together.
/// </summary>
/// <param name="options">What all searches have in common; null for the defaults.</param>
/// <param name="chains">M, at least 1; temperatures between the two are a geometric row.</param>
/// <param name="iterations">Sweeps, at least 1.</param>
/// <param name="hot">The temperature of the first chain's odds, at least <paramref name="cold"/>.</param>
/// <param name="cold">The temperature of the last chain's odds, above 0.</param>
public sealed class ParallelTempering(SearchOptions? options = null, int chains = 2, int iterations = 2, double hot = 2, double cold = 1) : SearchStrategy(Row, options)
{
    private const ulong Draws = 0x54656d70_65720000;

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "parallel-tempering", "Chains of particle Gibbs at several temperatures, which swap their guides.", "Puri et al., arXiv 2502.01618",
        "at most the tokens of W answers, and their rewards",
        SearchOptions.Rows(
            StrategyOption.Whole("chains", 2, "Chains side by side, which share the width.", most: 1000),
            StrategyOption.Whole("iterations", 2, "Sweeps, which share the width."),
            StrategyOption.Number("hot", 2, "The temperature of the first chain's odds, at least that of the last.", 0.001, 100),
            StrategyOption.Number("cold", 1, "The temperature of the last chain's odds.", 0.001, 100)),
        Create);

    private protected override async Task SearchAsync(StepSearch search)
    {
        ulong seed = search.Session.Settings.Seed;
        int count = Math.Min(chains, Options.Width);
        double[] temperatures = Temperatures(count, hot, cold);
        Dice[] dice = [.. Enumerable.Range(0, count).Select(chain => new Dice(seed, Draws + (ulong)chain))];
        var swaps = new Dice(seed, ~Draws);
        var tree = new ParticleTree(search);
        var references = new IReadOnlyList<Thought>[count];
        Array.Fill(references, []);
        foreach (int width in ParticleGibbs.Shares(Options.Width, Math.Min(iterations, Options.Width / count)))
        {
            if (!search.Session.CanDraw)
                break;
            var populations = ParticleGibbs.Shares(width, count).Select((fresh, k) => new Population(fresh, temperatures[k], references[k], dice[k])).ToList();
            await tree.SweepAsync(populations).ConfigureAwait(false);
            references = [.. populations.Select(population => population.DrawReference())];
            tree.ReleaseAllBut(references.SelectMany(reference => reference));
            Swap(references, temperatures, swaps);
        }
        tree.ReleaseAllBut([]);
    }

    /// <summary>A geometric row from hot to cold; of one chain it is the cold end.</summary>
    internal static double[] Temperatures(int count, double hot, double cold) =>
        [.. Enumerable.Range(0, count).Select(k => cold * Math.Pow(hot / cold, count == 1 ? 0 : 1 - (k / (count - 1.0))))];

    /// <summary>
    /// With which probability two chains swap: min(1, pi_1(y) pi_2(x) / (pi_1(x) pi_2(y))), where pi is the policy's own probability times the odds of
    /// the reward to the power of 1 / temperature. The policy's part cancels.
    /// </summary>
    /// <param name="first">The reward of x, the first chain's.</param>
    /// <param name="second">The reward of y, the second chain's.</param>
    /// <param name="firstTemperature">The first chain's.</param>
    /// <param name="secondTemperature">The second chain's.</param>
    internal static double SwapProbability(double first, double second, double firstTemperature, double secondTemperature) =>
        Math.Min(1, Math.Exp((Resampling.Logit(second) - Resampling.Logit(first)) * ((1 / firstTemperature) - (1 / secondTemperature))));

    private static void Swap(IReadOnlyList<Thought>[] references, double[] temperatures, Dice dice)
    {
        for (int k = 0; k + 1 < references.Length; k++)
        {
            if (references[k] is [.., var first] && references[k + 1] is [.., var second]
                && dice.Next() < SwapProbability(StepSearch.RewardOf(first), StepSearch.RewardOf(second), temperatures[k], temperatures[k + 1]))
                (references[k], references[k + 1]) = (references[k + 1], references[k]);
        }
    }

    private static ParallelTempering Create(StrategyValues values)
    {
        var (hot, cold) = (values.Number("hot"), values.Number("cold"));
        return hot >= cold
            ? new ParallelTempering(SearchOptions.Of(values), values.Whole("chains"), values.Whole("iterations"), hot, cold)
            : throw new StrategyException(FormattableString.Invariant($"The option hot of parallel-tempering is {hot}; it must be at least cold, which is {cold}."));
    }
}
