using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class SizingTests
{
    [Theory]
    [InlineData("rebase", 135, "rebase width=3")]
    [InlineData("rebase", 136, "rebase width=4")]
    [InlineData("majority", 135, "majority samples=4")]
    [InlineData("best-of-n", 2100, "best-of-n samples=62")]
    [InlineData("rebase choose=best", 10, "rebase width=1 choose=best")]
    [InlineData("rebase width=7", 10, "rebase width=7")]
    [InlineData("single", 1000, "single")]
    public void A_strategy_gets_as_much_as_the_budget_holds(string text, long tokens, string fitted) => Sizing.Fit(text, tokens, 34).ShouldBe(fitted);
}
