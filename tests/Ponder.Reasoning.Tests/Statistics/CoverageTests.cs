using System.Numerics;
using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Tests.Statistics;

public sealed class CoverageTests
{
    [Fact]
    public void It_equals_the_share_of_subsets_with_a_right_sample()
    {
        for (int n = 1; n <= 9; n++)
        {
            for (int c = 0; c <= n; c++)
            {
                for (int k = 1; k <= n; k++)
                {
                    // Samples 0 to c-1 are the right ones; a subset is a mask of k bits.
                    int subsets = 0, covered = 0;
                    for (uint mask = 0; mask < 1u << n; mask++)
                    {
                        if (BitOperations.PopCount(mask) != k)
                            continue;
                        subsets++;
                        covered += (mask & ((1u << c) - 1)) != 0 ? 1 : 0;
                    }
                    Coverage.PassAt(n, c, k).ShouldBe((double)covered / subsets, 1e-12, $"n {n} c {c} k {k}");
                }
            }
        }
    }

    [Fact]
    public void Many_samples_do_not_overflow()
    {
        Coverage.PassAt(1_000_000, 1, 500_000).ShouldBe(0.5, 1e-9);
        Coverage.PassAt(100_000, 50_000, 1).ShouldBe(0.5, 1e-9);
        Coverage.PassAt(1_000_000, 999_999, 1).ShouldBe(0.999999, 1e-9);
    }

    [Fact]
    public void Problems_count_alike() => Coverage.PassAt([(4, 0), (4, 4), (2, 1)], 1).ShouldBe(0.5, 1e-12);

    [Fact]
    public void Tables_show_powers_of_two_and_the_end()
    {
        Coverage.TableRows(1).ShouldBe([1]);
        Coverage.TableRows(16).ShouldBe([1, 2, 4, 8, 16]);
        Coverage.TableRows(20).ShouldBe([1, 2, 4, 8, 16, 20]);
        Coverage.TableRows(int.MaxValue).Count.ShouldBe(32);
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(4, 5, 1)]
    [InlineData(4, -1, 1)]
    [InlineData(4, 1, 0)]
    [InlineData(4, 1, 5)]
    public void Counts_outside_their_range_are_refused(int n, int c, int k) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Coverage.PassAt(n, c, k));

    [Fact]
    public void No_problems_are_refused() => Should.Throw<ArgumentException>(() => Coverage.PassAt([], 1));

    [Fact]
    public void Standard_errors_match_their_formulas()
    {
        StandardError.OfProportion(0.5, 200).ShouldBe(0.0354, 1e-4);
        StandardError.OfMean([1, 2, 3, 4]).ShouldBe(Math.Sqrt(5.0 / 3 / 4), 1e-12);
        StandardError.OfMean([1]).ShouldBe(double.NaN);
        Should.Throw<ArgumentOutOfRangeException>(() => StandardError.OfProportion(double.NaN, 4));
        Should.Throw<ArgumentOutOfRangeException>(() => StandardError.OfProportion(0.5, 0));
    }
}
