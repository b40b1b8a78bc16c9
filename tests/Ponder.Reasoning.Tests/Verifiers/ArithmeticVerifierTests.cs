using Ponder.Reasoning.Tasks;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Verifiers;

public sealed class ArithmeticVerifierTests
{
    [Theory]
    [InlineData("Answer: (10 - 4) * (7 - 3)")]
    [InlineData("(10 - 4) * (7 - 3) = 24")]
    [InlineData("24 = (10 - 4) * (7 - 3)")]
    [InlineData("Let me see.\n10 - 4 = 6 (left: 3 6 7)\n\n**Answer: (10 - 4) × (7 − 3) = 24**\n")]
    [InlineData("answer: $(10-4)*(7-3)=24$.\nThat uses each number once.")]
    public async Task An_expression_with_each_number_once_that_comes_to_the_target_is_right(string text) =>
        (await Check([4, 3, 7, 10], 24, text)).ShouldBe(new Verdict(true, "(10 - 4) * (7 - 3)"));

    [Theory]
    [InlineData("", "there is no expression in it")]
    [InlineData("I cannot do it.", "the expression 'I cannot do it' has 'I' at character 1 where a number, '-' or '(' is expected")]
    [InlineData("4 * 6 = 24", "it uses 4, 6 where each of 3, 4, 7, 10 is to be used once")]
    [InlineData("(10 - 4) * (7 - 3) + 4 - 4", "it uses 3, 4, 4, 4, 7, 10 where each of 3, 4, 7, 10 is to be used once")]
    [InlineData("3 + 4 + 7 + 10 = 24", "its value is 24, not 25")]
    [InlineData("10 / (3 + 4 - 7)", "it divides by zero")]
    [InlineData("10 / 4 * 3 - 7", "its value is 1/2, not 25")]
    public async Task Other_answers_are_wrong_with_a_reason(string text, string reason)
    {
        var verdict = await Check([3, 4, 7, 10], 25, text);
        verdict.IsCorrect.ShouldBe(false);
        verdict.Reason.ShouldBe(reason);
    }

    [Fact]
    public async Task A_claim_that_differs_is_wrong() =>
        (await Check([3, 4, 7, 10], 24, "(10 - 4) * (7 - 3) = 25")).Reason.ShouldBe("it is said to be '25', not 24");

    [Fact]
    public async Task Fractions_are_exact() => (await Check([3, 3, 8, 8], 24, "8 / (3 - 8 / 3) = 24")).IsCorrect.ShouldBe(true);

    [Fact]
    public async Task Game_of_24_votes_by_the_expression()
    {
        var problem = TaskFile.One("game24", "4 3 7 10");
        problem.Answers.Read("Answer: ((10-4))*(7-3) = 24").ShouldBe("(10 - 4) * (7 - 3)");
        problem.Answers.Read("I do not know").ShouldBeNull();
        problem.Prompt.AsText().ShouldContain("4 3 7 10");
        (await problem.Verifier!.VerifyAsync(problem, "Answer: ((10-4))*(7-3) = 24")).IsCorrect.ShouldBe(true);
    }

    [Fact]
    public void Numbers_below_zero_are_refused() => Should.Throw<VerifierException>(() => new ArithmeticVerifier([1, -1], 24));

    private static Task<Verdict> Check(int[] numbers, int target, string text) =>
        new ArithmeticVerifier(numbers, target).VerifyAsync(null!, text);
}
