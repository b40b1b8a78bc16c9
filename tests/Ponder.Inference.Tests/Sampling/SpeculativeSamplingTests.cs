using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Sampling;

public sealed class SpeculativeSamplingTests
{
    private static readonly int[] AllIds = [.. Enumerable.Range(0, 6)];

    [Fact]
    public void The_result_is_distributed_as_the_target_exactly()
    {
        // Uniform numbers on a grid instead of random ones: what comes out is the distribution itself, to the width of the grid.
        const int grid = 200;
        var weights = Gen.Choose(0, 20).ArrayOf(AllIds.Length).Where(w => w.Sum() > 0);
        var cases = from p in weights from q in weights select (P: p, Q: q);
        var speculation = new SpeculativeSampling();
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var (targetIds, target) = Sparse(example.P, reversed: false);
            var (draftIds, draft) = Sparse(example.Q, reversed: true);
            var result = new double[AllIds.Length];
            for (int i = 0; i < draftIds.Length; i++)
            {
                for (int a = 0; a < grid; a++)
                {
                    double acceptance = (a + 0.5) / grid, residual = (a * 77 % grid + 0.5) / grid;
                    var (id, accepted) = speculation.Next(targetIds, target, draftIds, draft, draftIds[i], AllIds.Length, acceptance, residual);
                    result[id] += draft[i] / grid;
                    if (accepted)
                        id.ShouldBe(draftIds[i]);
                }
            }
            for (int id = 0; id < AllIds.Length; id++)
                result[id].ShouldBe(example.P[id] / (double)example.P.Sum(), 0.03);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Drafted_accepted_and_replaced_tokens_follow_the_target_with_the_streams_of_the_engine()
    {
        float[] target = [0.5f, 0.2f, 0.1f, 0.2f, 0, 0], draft = [0.1f, 0.6f, 0.1f, 0, 0.2f, 0];
        var speculation = new SpeculativeSampling();
        var counts = new int[AllIds.Length];
        int acceptances = 0;
        const int draws = 40_000;
        for (int i = 0; i < draws; i++)
        {
            ulong path = (ulong)(i % 5), position = (ulong)(i / 5);
            int drafted = SpeculativeSampling.DrawDraft(AllIds, draft, 3, path, position);
            var (id, accepted) = speculation.Next(AllIds, target, AllIds, draft, drafted, AllIds.Length, 3, path, position);
            counts[id]++;
            acceptances += accepted ? 1 : 0;
        }
        ChiSquare.ShouldFit(counts, [.. target.Select(p => (double)p)], "speculation");
        (acceptances / (double)draws).ShouldBe(target.Zip(draft, Math.Min).Sum(), 0.02);
    }

    [Fact]
    public void A_draft_that_agrees_is_always_accepted_and_one_that_was_not_drawn_is_an_error()
    {
        float[] q = [0.5f, 0.5f, 0, 0, 0, 0];
        var speculation = new SpeculativeSampling();
        for (ulong i = 0; i < 1000; i++)
            speculation.Next(AllIds, q, AllIds, q, 1, AllIds.Length, 1, 2, i).ShouldBe((1, true));
        Should.Throw<ArgumentException>(() => speculation.Next(AllIds, q, AllIds, q, 2, AllIds.Length, 1, 2, 3)).ParamName.ShouldBe("drafted");
    }

    private static (int[] Ids, float[] Probabilities) Sparse(int[] weights, bool reversed)
    {
        var ids = AllIds.Where(id => weights[id] > 0).ToArray();
        if (reversed)
            Array.Reverse(ids);
        return (ids, [.. ids.Select(id => weights[id] / (float)weights.Sum())]);
    }
}
