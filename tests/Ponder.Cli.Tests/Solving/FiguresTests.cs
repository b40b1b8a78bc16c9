using Ponder.Cli.Solving;
using Ponder.Reasoning.Budgets;
using Ponder.Reasoning.Statistics;

namespace Ponder.Cli.Tests.Solving;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(999.7, "1.00 kB")]
    [InlineData(1234, "1.23 kB")]
    [InlineData(99_960, "100 kB")]
    [InlineData(12_345_678, "12.3 MB")]
    [InlineData(3.14159e12, "3.14 TB")]
    [InlineData(5e21, "5000 EB")]
    public void Quantities_have_three_digits_and_a_prefix(double value, string text) => Units.Of(value, "B").ShouldBe(text);

    [Theory]
    [InlineData("one", 10, "one")]
    [InlineData("one\n\n  two\n", 20, "one  |  two")]
    [InlineData("a\tb\u001b[0m", 20, "a b [0m")]
    [InlineData("0123456789", 5, "0123…")]
    [InlineData("012😀", 5, "012😀")]
    [InlineData("012😀6", 5, "012…")]
    public void Texts_become_one_line(string text, int most, string line) => Units.OneLine(text, most).ShouldBe(line);

    [Fact]
    public void Totals_add_counts_and_average_what_is_an_average()
    {
        var first = Of(true, 4, 2, new Ledger { GeneratedTokens = 10, PromptTokens = 3, AverageKvTokens = 4, PeakKvTokens = 9, Flops = 1, Bytes = 2 });
        var second = Of(false, 4, 0, new Ledger { GeneratedTokens = 20, PromptTokens = 5, AverageKvTokens = 8, PeakKvTokens = 7, Flops = 3, Bytes = 4 });
        var totals = Totals.Of([first, second], 1.5);
        totals.Accuracy.ShouldBe(0.5);
        totals.StandardError!.Value.ShouldBe(Math.Sqrt(0.25 / 2), 1e-12);
        totals.PassAt.Keys.ShouldBe([1, 2, 4]);
        totals.PassAt[1].ShouldBe(0.25, 1e-12);
        totals.PassAt[2].ShouldBe((1 - 1 / 6.0) / 2, 1e-12);    // of 4 samples with 2 right, one pair of six is wrong
        totals.MajorityAccuracy.ShouldBe(0.5);
        totals.Sum.GeneratedTokens.ShouldBe(30);
        totals.Sum.AverageKvTokens.ShouldBe(6);
        totals.Sum.PeakKvTokens.ShouldBe(9);
        totals.Sum.Flops.ShouldBe(4);
    }

    [Fact]
    public void Coverage_is_told_only_of_independent_samples_and_accuracy_only_where_the_truth_is_known()
    {
        var whole = Of(true, 4, 2, new Ledger());
        Totals.Of([whole, whole with { AreIndependent = false }], 1).PassAt.ShouldBeEmpty();
        Totals.Of([whole, whole with { AreIndependent = false }], 1).MajorityAccuracy.ShouldBeNull();
        var halfKnown = Totals.Of([whole, whole with { IsCorrect = null }], 1);
        (halfKnown.Accuracy, halfKnown.Graded, halfKnown.StandardError).ShouldBe((1, 1, null));
        halfKnown.PassAt.ShouldBeEmpty();
        Totals.Of([whole with { IsCorrect = null }], 1).Accuracy.ShouldBeNull();
    }

    [Fact]
    public void A_reward_that_misleads_is_told_of_on_enough_labelled_problems()
    {
        // The one right sample of four has a middling reward: one sample finds it in a quarter of the cases, the best of four never.
        LabelledSample[] samples = [new("1", true, 0.6), new("2", false, 0.9), new("3", false, 0.1), new("4", false, 0.2)];
        var digest = Of(false, 4, 1, new Ledger()) with { Labelled = new LabelledProblem("p", samples) };

        var totals = Totals.Of([.. Enumerable.Repeat(digest, Totals.FewestLabelled)], 1);

        totals.Reward!.Falls.ShouldBeTrue();
        totals.Reward.BestN.ShouldBe(2);                        // two of four: the right one is the better of them in two cases of six
        Totals.Of([.. Enumerable.Repeat(digest, Totals.FewestLabelled - 1)], 1).Reward.ShouldBeNull();
        Totals.Of([.. Enumerable.Repeat(digest, Totals.FewestLabelled), digest with { Labelled = null }], 1).Reward.ShouldBeNull();
        SolveJson.Line(totals).ShouldContain("\"best_n\":2");
    }

    private static Digest Of(bool? correct, int samples, int right, Ledger ledger) => new()
    {
        IsCorrect = correct,
        Samples = samples,
        SamplesCorrect = right,
        AreIndependent = true,
        MajorityIsCorrect = correct,
        Ledger = ledger,
    };
}
