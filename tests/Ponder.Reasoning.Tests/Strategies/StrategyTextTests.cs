using Ponder.Reasoning.Search;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Tests.Strategies;

public sealed class StrategyTextTests
{
    [Fact]
    public void A_name_and_options_are_read_and_written()
    {
        var (name, options) = StrategyText.Parse(" rebase  width=8 choose=best ");
        name.ShouldBe("rebase");
        options.ShouldBe(new Dictionary<string, string> { ["width"] = "8", ["choose"] = "best" });
        StrategyText.Write(name, options).ShouldBe("rebase width=8 choose=best");
        StrategyText.Create("rebase width=8").ShouldBeOfType<Rebase>();
    }

    [Fact]
    public void A_strategy_within_a_strategy_stands_in_parentheses()
    {
        var (_, options) = StrategyText.Parse("outer inner=(middle inner=(rebase width=4) parts=2) rounds=3");
        options["inner"].ShouldBe("middle inner=(rebase width=4) parts=2");
        options["rounds"].ShouldBe("3");
        StrategyText.Write("outer", options).ShouldBe("outer inner=(middle inner=(rebase width=4) parts=2) rounds=3");
    }

    [Fact]
    public void A_list_is_parted_at_commas_outside_of_parentheses() =>
        StrategyText.Split("majority, rebase width=4,outer inner=(a x=1,2), ").ShouldBe(["majority", "rebase width=4", "outer inner=(a x=1,2)"]);

    [Theory]
    [InlineData("", "names no strategy")]
    [InlineData("rebase width", "'width' in 'rebase width' is no option")]
    [InlineData("rebase width=1 width=2", "stands twice")]
    [InlineData("rebase inner=(a", "parenthesis")]
    [InlineData("rebase inner=a)", "parenthesis")]
    [InlineData("rebase step-pattern=(", "parenthesis")]
    [InlineData("rebase step-pattern=[", "no regular expression")]
    [InlineData("rebase step-pattern=a*", "matches the empty text")]
    [InlineData("rebase width=0", "it must be a whole number from 1")]
    [InlineData("rebse", "rebase")]
    public void What_cannot_be_read_is_a_sentence(string text, string part) =>
        Should.Throw<StrategyException>(() => StrategyText.Create(text)).Message.ShouldContain(part);
}
