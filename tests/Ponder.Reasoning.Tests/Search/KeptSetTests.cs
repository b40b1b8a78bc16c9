using Ponder.Inference.Sampling;
using Ponder.Reasoning.Search.Pruning;

namespace Ponder.Reasoning.Tests.Search;

public sealed class KeptSetTests
{
    // Three leaves: 0 and 1 stand below node 3, 2 stands alone. Tokens 2, 1, 3 and 4: 10 in all.
    private static readonly KvTree Small = new(3, [3, 3, -1, -1], [2, 1, 3, 4]);

    [Fact]
    public void The_value_of_a_set_is_its_worth_less_its_memory_with_shared_thoughts_once_and_the_clusters_it_covers()
    {
        var kept = new KeptSet(Small, [0.5, 0.3, 0.2], price: 0.1, clusterOf: [0, 1, 1], bonus: 0.4);
        kept.ValueOf([true, false, false]).ShouldBe(0.5 - 0.6 + 0.4, 1e-12);
        kept.ValueOf([true, true, false]).ShouldBe(0.8 - 0.7 + 0.8, 1e-12);         // 4 tokens above both, once
        kept.ValueOf([false, false, true]).ShouldBe(0.2 - 0.3 + 0.4, 1e-12);
        kept.ValueOf([true, true, true]).ShouldBe(1 - 1 + 0.8, 1e-12);
    }

    [Theory]
    [InlineData(0.0, 0.0, new[] { true, true, true })]                              // memory costs nothing
    [InlineData(1.0, 0.0, new[] { true, true, false })]                             // 0.8 - 0.7 is the only set that pays
    [InlineData(1.0, 0.2, new[] { true, true, false })]                             // leaf 2 is in a cluster that is covered already
    [InlineData(9.0, 0.0, new[] { false, false, true })]                            // all lose: the least loss is 0.2 - 2.7
    public void The_best_set_is_kept(double lambda, double bonus, bool[] kept) =>
        new KeptSet(Small, [0.5, 0.3, 0.2], lambda / 10, [0, 1, 1], bonus).Find().ShouldBe(kept);

    [Fact]
    public void It_is_as_good_as_the_best_of_all_sets()
    {
        for (ulong seed = 0; seed < 300; seed++)
        {
            var (tree, worth, clusterOf) = Random(seed, 1 + (int)(seed % 12));
            var kept = new KeptSet(tree, worth, 1 / tree.Tokens.Sum() * (1 + (seed % 3)), clusterOf, (seed % 4) * 0.7 / (clusterOf.Max() + 1));
            var best = Enumerable.Range(1, (1 << tree.Leaves) - 1).Max(set => kept.ValueOf(Subset(set, tree.Leaves)));
            kept.ValueOf(kept.Find()).ShouldBe(best, 1e-9, $"seed {seed}");
            kept.IsExact.ShouldBeTrue();
        }
    }

    [Fact]
    public void Of_a_wide_frontier_no_single_change_is_better()
    {
        var (tree, worth, clusterOf) = Random(7, 60);
        var kept = new KeptSet(tree, worth, 1 / tree.Tokens.Sum(), clusterOf, 1.4 / (clusterOf.Max() + 1));
        bool[] found = kept.Find();
        double value = kept.ValueOf(found);
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = !found[i];
            if (found.Contains(true))
                kept.ValueOf(found).ShouldBeLessThanOrEqualTo(value + 1e-9);
            found[i] = !found[i];
        }
    }

    [Fact]
    public void Vectors_are_joined_while_their_clusters_lie_near_on_average()
    {
        // On a circle, in degrees: 0 and 10 join first (0.0152), then 25 joins both: on average (0.0937 + 0.0341) / 2 = 0.0639 from them.
        float[][] vectors = [At(0), At(10), At(25), At(90), At(90)];
        Clusters.Of(vectors, [1, 1, 1, 1, 1], 0.05).ShouldBe([0, 0, 1, 2, 2]);
        Clusters.Of(vectors, [1, 1, 1, 1, 1], 0.07).ShouldBe([0, 0, 0, 1, 1]);
        // 10 stands for nine texts, which brings the mean nearer: (0.0937 + 9 * 0.0341) / 10 = 0.04.
        Clusters.Of(vectors, [1, 9, 1, 1, 1], 0.05).ShouldBe([0, 0, 0, 1, 1]);
        Clusters.Of([[0, 0], [0, 0], [1, 0]], [1, 1, 1], 0.5).ShouldBe([0, 1, 2]);

        static float[] At(double degrees) => [(float)(3 * Math.Cos(degrees * Math.PI / 180)), (float)(3 * Math.Sin(degrees * Math.PI / 180))];
    }

    [Fact]
    public async Task Texts_of_the_same_words_in_any_order_are_alike()
    {
        var counts = await new TokenCounts(null).GenerateAsync(["a b b c", "b c a b", "a d"]);
        counts[0].Vector.ToArray().ShouldBe(counts[1].Vector.ToArray());
        Clusters.Of([.. counts.Select(count => count.Vector.ToArray())], [1, 1, 1], 0.05).ShouldBe([0, 0, 1]);
    }

    private static bool[] Subset(int set, int leaves) => [.. Enumerable.Range(0, leaves).Select(i => (set >> i & 1) == 1)];

    // Some inner nodes in two layers above the leaves.
    private static (KvTree Tree, double[] Worth, int[] ClusterOf) Random(ulong seed, int leaves)
    {
        ulong draw = 0;
        int low = 1 + Next(leaves), high = 1 + Next(3), nodes = leaves + low + high;
        int[] above = [.. Enumerable.Range(0, nodes).Select(i => i < leaves ? leaves + Next(low) : i < leaves + low ? leaves + low + Next(high) : -1)];
        double[] tokens = [.. Enumerable.Range(0, nodes).Select(_ => 1.0 + Next(30))];
        double[] worth = [.. Enumerable.Range(0, leaves).Select(_ => Next(5) / (2.0 * leaves))];
        int clusters = 1 + Next(leaves);
        // Every cluster has a leaf, so that they are numbered without gaps.
        int[] clusterOf = [.. Enumerable.Range(0, leaves).Select(i => i < clusters ? i : Next(clusters))];
        return (new KvTree(leaves, above, tokens), worth, clusterOf);

        int Next(int below) => (int)(CounterRandom.Uniform(seed, 17, draw++) * below);
    }
}
