using System.Text.RegularExpressions;
using Ponder.Inference.Generation;

namespace Ponder.Inference.Tests.Generation;

public sealed class StopRuleTests
{
    private static readonly Regex Digits = new(@"\d+", RegexOptions.NonBacktracking);

    [Fact]
    public void Good_rules_pass() => Should.NotThrow(() => StopRule.Demand(
        [
            new StopRule.Token(9),
            new StopRule.Text("😀"),
            new StopRule.Delimiter("\n"),
            new StopRule.Pattern(Digits),
            new StopRule.Pattern(new Regex("(?<=x)y", RegexOptions.None, TimeSpan.FromSeconds(1)), StopRule.Pattern.MaxWindow),
            new StopRule.When(view => view.Text.Length > 3),
        ],
        10));

    [Fact]
    public void Bad_rules_are_refused_with_what_is_wrong()
    {
        Refused(null!, "rules");
        Refused(new StopRule.Token(-1), "the ids 0 to 9");
        Refused(new StopRule.Token(10), "the ids 0 to 9");
        Refused(new StopRule.Text(""), "empty");
        Refused(new StopRule.Text(null!), "empty");
        Refused(new StopRule.Delimiter(""), "empty");
        Refused(new StopRule.Text("a\uD83D"), "half of a surrogate pair");
        Refused(new StopRule.Text("\uDE00a"), "half of a surrogate pair");
        Refused(new StopRule.Pattern(null!), "pattern is null");
        Refused(new StopRule.Pattern(Digits, 0), "from 1 to 65536");
        Refused(new StopRule.Pattern(Digits, StopRule.Pattern.MaxWindow + 1), "from 1 to 65536");
        Refused(new StopRule.Pattern(new Regex(@"\d+")), "NonBacktracking, or have a match timeout");
        Refused(new StopRule.Pattern(new Regex(@"\d*", RegexOptions.NonBacktracking)), "matches the empty text");
        Refused(new StopRule.Pattern(new Regex("a", RegexOptions.RightToLeft, TimeSpan.FromSeconds(1))), "RightToLeft");
        Refused(new StopRule.When(null!), "condition");
    }

    private static void Refused(StopRule rule, string why) =>
        Should.Throw<ArgumentException>(() => StopRule.Demand([rule], 10)).Message.ShouldContain(why);
}
