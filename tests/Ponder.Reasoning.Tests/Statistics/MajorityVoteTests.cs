using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Tests.Statistics;

public sealed class MajorityVoteTests
{
    [Fact]
    public void The_most_frequent_answer_wins()
    {
        var vote = MajorityVote.Count(["1", "2", null, "2", "3"]);
        vote.Winner.ShouldBe("2");
        vote.Votes.ShouldBe(2);
        vote.Voters.ShouldBe(4);
        vote.ExpectedAccuracy(a => a == "2").ShouldBe(1);
        vote.ExpectedAccuracy(a => a == "1").ShouldBe(0);
    }

    [Fact]
    public void A_tie_goes_to_the_first_seen_and_counts_by_halves()
    {
        var vote = MajorityVote.Count(["9", "1", "2", "2", "1"]);
        vote.Leaders.ShouldBe(["1", "2"]);
        vote.Winner.ShouldBe("1");
        vote.ExpectedAccuracy(a => a == "2").ShouldBe(0.5);
    }

    [Fact]
    public void Nobody_voting_elects_nobody()
    {
        var vote = MajorityVote.Count([null, null]);
        vote.Winner.ShouldBeNull();
        vote.ExpectedAccuracy(_ => true).ShouldBe(0);
    }

    [Fact]
    public void Choosing_the_first_seen_is_right_as_often_as_breaking_ties_at_random()
    {
        string[] ballots = ["a", "a", "b", "b", "c"];
        var orders = Permutations([.. Enumerable.Range(0, ballots.Length)]).ToList();
        orders.Count.ShouldBe(120);
        double first = orders.Average(order => MajorityVote.Count(order.Select(i => ballots[i])).Winner == "a" ? 1.0 : 0.0);
        first.ShouldBe(MajorityVote.Count(ballots).ExpectedAccuracy(a => a == "a"), 1e-12);
    }

    [Fact]
    public void Groups_of_k_are_averaged()
    {
        string?[] ballots = ["1", "1", "2", "2", "1", null, "1"];
        MajorityVote.AccuracyAt(ballots, 1, a => a == "1").ShouldBe(4.0 / 7, 1e-12);
        MajorityVote.AccuracyAt(ballots, 3, a => a == "1").ShouldBe(0.75); // 1 1 2 is right, 2 1 and no answer a tie, the seventh left out
        MajorityVote.AccuracyAt(ballots, 7, a => a == "1").ShouldBe(1);
        Should.Throw<ArgumentOutOfRangeException>(() => MajorityVote.AccuracyAt(ballots, 8, _ => true));
        Should.Throw<ArgumentOutOfRangeException>(() => MajorityVote.AccuracyAt(ballots, 0, _ => true));
    }

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 0
        ? [[]]
        : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));
}
