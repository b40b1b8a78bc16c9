using FsCheck;
using FsCheck.Fluent;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tests.Puzzles;

public sealed class CountdownCheckerTests
{
    private static readonly CountdownPuzzle Puzzle = CountdownPuzzle.Parse("Make 84 from 13 24 36 37:");

    [Fact]
    public void A_right_answer_is_told_as_one_expression()
    {
        var verdict = Puzzle.Check("37-13=24 left 24 24 36\n36+24=60 left 24 60\n60+24=84 left 84\n");
        verdict.IsCorrect.ShouldBeTrue();
        verdict.Answer.ShouldBe("36 + 24 + 37 - 13");
        verdict.StepLabels.ShouldBe([true, true, true]);
        verdict.FirstInvalidStep.ShouldBeNull();
        verdict.Reason.ShouldBeNull();
    }

    [Fact]
    public void An_answer_without_its_last_line_end_is_complete() =>
        Puzzle.Check("37-13=24 left 24 24 36\r\n36+24=60 left 24 60\r\n60+24=84 left 84").IsCorrect.ShouldBeTrue();

    [Theory]
    [InlineData("13-37=24 left 24 24 36", "the larger number comes first")]
    [InlineData("37-13=25 left 24 25 36", "37-13 is 24, not 25")]
    [InlineData("37-13=24 left 24 36 24", "what is left is 24 24 36")]
    [InlineData("37-13=24 left 24 36", "what is left is 24 24 36")]
    [InlineData("37-14=23 left 23 24 36", "14 is not among 13 24 36 37")]
    [InlineData("38-13=25 left 24 25 36", "38 is not among 13 24 36 37")]
    [InlineData("37-37=0 left 0 13 24 36", "is not of the form")]
    [InlineData("37+37=74 left 13 24 36 74", "37 is there only once")]
    [InlineData("37/13=2 left 2 24 36", "37/13 leaves a remainder")]
    [InlineData("37*36=1332 left 13 24 1332", "37*36 is over 999")]
    [InlineData("37-013=24 left 24 24 36", "is not of the form")]
    [InlineData("37 - 13 = 24 left 24 24 36", "is not of the form")]
    [InlineData("37-13=24 left 24 24 36 ", "is not of the form")]
    [InlineData("37-13=24 left", "is not of the form")]
    [InlineData("37-13=24", "is not of the form")]
    [InlineData("37%13=24 left 24 24 36", "is not of the form")]
    [InlineData("37-13=99999999999 left 24 24 36", "is not of the form")]
    [InlineData("\n37-13=24 left 24 24 36", "line 1, ''")]
    public void A_line_against_the_rules_is_named_with_its_rule(string answer, string reason)
    {
        var verdict = Puzzle.Check(answer);
        verdict.IsCorrect.ShouldBeFalse();
        verdict.FirstInvalidStep.ShouldBe(0);
        verdict.StepLabels.ShouldAllBe(label => !label);
        verdict.Reason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public void Equal_numbers_may_be_divided_and_not_subtracted()
    {
        var puzzle = CountdownPuzzle.Parse("1 from 7 7");
        puzzle.Check("7/7=1 left 1\n").Answer.ShouldBe("7 / 7");
        puzzle.Check("7-7=1 left 1\n").Reason.ShouldNotBeNull().ShouldContain("7-7 is not positive");
    }

    [Fact]
    public void A_valid_step_from_which_the_target_is_out_of_reach_is_not_good()
    {
        var verdict = CountdownPuzzle.Parse("10 from 2 3 4").Check("4*3=12 left 2 12\n12*2=24 left 24\n");
        verdict.StepLabels.ShouldBe([true, false]);
        verdict.FirstInvalidStep.ShouldBeNull();
        verdict.Reason.ShouldBe("the answer ends with 24 left, not 10 alone");
    }

    [Theory]
    [InlineData("", "the answer is empty")]
    [InlineData("37-13=24 left 24 24 36\n", "ends with 24 24 36 left, not 84 alone")]
    public void An_answer_that_stops_early_is_valid_so_far_and_not_correct(string answer, string reason)
    {
        var verdict = Puzzle.Check(answer);
        verdict.IsCorrect.ShouldBeFalse();
        verdict.FirstInvalidStep.ShouldBeNull();
        verdict.Reason.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public void Nothing_may_follow_the_target() =>
        CountdownPuzzle.Parse("5 from 2 3").Check("3+2=5 left 5\n5*1=5 left 5\n").FirstInvalidStep.ShouldBe(1);

    [Fact]
    public void Every_solution_of_the_search_is_accepted_and_its_expression_gives_the_target()
    {
        var generator = new PuzzleGenerator(7);
        for (int i = 0; i < 40; i++)
        {
            var puzzle = generator.NextCountdown();
            foreach (var steps in puzzle.Search.FindAll([.. puzzle.Numbers]).Take(50))
            {
                string answer = puzzle.Render(steps);
                var verdict = puzzle.Check(answer);
                verdict.IsCorrect.ShouldBeTrue(answer);
                verdict.StepLabels.ShouldAllBe(label => label);
                Slow.Accepts(puzzle.Numbers, puzzle.Target, answer).ShouldBeTrue(answer);

                var expression = Expression.Parse(verdict.Answer.ShouldNotBeNull());
                expression.Evaluate().ShouldBe(puzzle.Target);
                expression.Numbers.Select(n => (int)n).Order().ShouldBe(puzzle.Numbers);
            }
        }
    }

    [Fact]
    public void A_mutated_solution_is_accepted_exactly_when_an_independent_validator_accepts_it()
    {
        const string Alphabet = "0123456789+-*/= left\n";
        var mutations = from seed in Gen.Choose(0, 30)
                        from at in Gen.Choose(0, 1_000_000)
                        from kind in Gen.Choose(0, 3)
                        from letter in Gen.Elements(Alphabet.ToCharArray())
                        select (seed, at, kind, letter);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3_000), Prop.ForAll(mutations.ToArbitrary(), mutation =>
        {
            var puzzle = new PuzzleGenerator((ulong)mutation.seed).NextCountdown();
            string answer = puzzle.Render(puzzle.Search.Find([.. puzzle.Numbers])!);
            int at = mutation.at % answer.Length;
            string mutated = mutation.kind switch
            {
                0 => answer.Remove(at, 1),
                1 => answer.Insert(at, mutation.letter.ToString()),
                2 => answer[..at] + mutation.letter + answer[(at + 1)..],
                _ => answer[..at],
            };
            return puzzle.Check(mutated).IsCorrect == Slow.Accepts(puzzle.Numbers, puzzle.Target, mutated);
        }));
    }

    [Fact]
    public void Any_text_gets_a_verdict_with_a_label_a_line() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.GeneratorFor<NonNull<string>>().ToArbitrary(), text =>
        {
            var verdict = Puzzle.Check(text.Get);
            return !verdict.IsCorrect && verdict.Reason is not null && verdict.StepLabels.All(label => !label);
        }));
}
