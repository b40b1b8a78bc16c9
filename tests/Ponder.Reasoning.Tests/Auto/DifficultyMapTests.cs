using Ponder.Reasoning.Auto;

namespace Ponder.Reasoning.Tests.Auto;

public sealed class DifficultyMapTests
{
    [Fact]
    public void Problems_are_parted_into_thirds_by_what_probes_predict()
    {
        // The part that is right is the probes' agreement, and their rewards say nothing.
        (ProbeFigures, double)[] problems = [.. Enumerable.Range(0, 30).Select(i => (new ProbeFigures(i / 30.0, 0.5, 0.5), i / 30.0))];
        var map = DifficultyMap.Fit(4, problems);
        map.Predict(new ProbeFigures(0.5, 0.5, 0.5)).ShouldBe(0.5, 0.02);
        problems.GroupBy(problem => map.Of(problem.Item1)).ToDictionary(group => group.Key, group => group.Count())
            .ShouldBe(new Dictionary<Difficulty, int> { [Difficulty.Hard] = 10, [Difficulty.Medium] = 10, [Difficulty.Easy] = 10 }, ignoreOrder: true);
        map.Of(new ProbeFigures(1, 0.5, 0.5)).ShouldBe(Difficulty.Easy);
        map.Of(new ProbeFigures(0, 0.5, 0.5)).ShouldBe(Difficulty.Hard);
    }

    [Fact]
    public void Rewards_tell_what_agreement_does_not()
    {
        (ProbeFigures, double)[] problems = [.. Enumerable.Range(0, 30).Select(i => (new ProbeFigures(0.25, i / 30.0, i % 2), 1 - (i / 30.0)))];
        var map = DifficultyMap.Fit(4, problems);
        map.Of(new ProbeFigures(0.25, 0.95, 0)).ShouldBe(Difficulty.Hard);
        map.Of(new ProbeFigures(0.25, 0.05, 1)).ShouldBe(Difficulty.Easy);
    }
}
