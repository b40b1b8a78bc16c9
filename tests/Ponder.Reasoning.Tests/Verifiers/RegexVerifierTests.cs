using System.Text.RegularExpressions;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Verifiers;

public sealed class RegexVerifierTests
{
    [Fact]
    public async Task The_pattern_is_looked_for_in_the_whole_text()
    {
        var verifier = RegexVerifier.Parse(@"\b\d{3}\b");
        (await verifier.VerifyAsync(null!, "first line\nit is 123.")).ShouldBe(new Verdict(true, "123"));
        (await verifier.VerifyAsync(null!, "it is 1234.")).ShouldBe(new Verdict(false, null, @"the pattern \b\d{3}\b does not occur in it"));
    }

    [Fact]
    public async Task A_pattern_that_takes_too_long_is_unverified()
    {
        var verifier = new RegexVerifier(new Regex("^(a+)+$", RegexOptions.None, TimeSpan.FromMilliseconds(50)));
        var verdict = await verifier.VerifyAsync(null!, new string('a', 40) + "b");
        verdict.ShouldBe(Verdict.Unverified("the pattern took longer than 0.05 s"));
        verdict.IsCorrect.ShouldBeNull();
    }

    [Fact]
    public async Task A_pattern_without_a_limit_gets_one() =>
        (await new RegexVerifier(new Regex("^(a+)+$")).VerifyAsync(null!, new string('a', 40) + "b")).ShouldBe(Verdict.Unverified("the pattern took longer than 1 s"));

    [Fact]
    public void A_pattern_that_is_none_is_refused() => Should.Throw<VerifierException>(() => RegexVerifier.Parse("(")).Message.ShouldStartWith("The pattern is not a regular expression: ");
}
