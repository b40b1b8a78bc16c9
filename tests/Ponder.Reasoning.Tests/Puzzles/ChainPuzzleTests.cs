using FsCheck;
using FsCheck.Fluent;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tests.Puzzles;

public sealed class ChainPuzzleTests
{
    private const string Solution = "a=28\nb=28*3-15=69\nc=69-28=41\nd=41+28*5=181\n#### 181\n";

    private static readonly ChainPuzzle Puzzle = ChainPuzzle.Parse("a=28 b=a*3-15 c=b-a d=c+a*5 d?");

    [Theory]
    [InlineData("a=28 b=a*3-15 c=b-a d=c+a*5 d?\n")]
    [InlineData("a = 28, b = a * 3 - 15; c = b - a, d = c + a*5, d?")]
    [InlineData("A=28 B=A*3-15 C=B-A D=C+A*5 D ?")]
    public void What_people_type_becomes_the_prompt_the_policy_knows(string text)
    {
        var puzzle = PuzzleParser.Parse(text).ShouldBeOfType<ChainPuzzle>();
        puzzle.Prompt.ShouldBe("a=28 b=a*3-15 c=b-a d=c+a*5 d?\n");
        puzzle.Value.ShouldBe(181);
        puzzle.Solution.ShouldBe(Solution);
        puzzle.Task.ShouldBe("chain");
        puzzle.Caution.ShouldBeNull();
    }

    [Theory]
    [InlineData("a=1000 a?", "the number '1000' is over 999")]
    [InlineData("a=99999999999999999999 a?", "is over 999")]
    [InlineData("a=b a?", "b is used before it is assigned")]
    [InlineData("a=a+1 a?", "a is used before it is assigned")]
    [InlineData("a=3 b?", "b is used before it is assigned")]
    [InlineData("a=3 a=4 a?", "a is assigned twice")]
    [InlineData("a=3", "ends where a variable")]
    [InlineData("a=", "ends where a variable")]
    [InlineData("=", "has '=' at character 1")]
    [InlineData("a=6/3 a?", "a is divided")]
    [InlineData("a=-3 a?", "has '-' at character 3")]
    [InlineData("a=3 b=2a b?", "has 'b' at character 10 where '=' or '?' after a")]
    [InlineData("a=3 a? b=4", "has 'b' at character 8 where the end")]
    [InlineData("a=999 b=a*a*a*a*a*a*a b?", "the value of b does not fit 64 bits")]
    [InlineData("a=3 a\0=4", "at character 6")]
    [InlineData("é=3 é?", "has 'é' at character 1")]
    public void What_cannot_be_read_is_refused_in_a_sentence(string text, string sentence)
    {
        string message = Should.Throw<PuzzleException>(() => PuzzleParser.Parse(text)).Message;
        message.ShouldContain(sentence);
        message.ShouldEndWith("write 'a=3 b=a+4 b?'");
    }

    [Fact]
    public void A_question_without_assignments_is_refused() =>
        Should.Throw<PuzzleException>(() => ChainPuzzle.Parse("b?")).Message.ShouldContain("asks before it assigns");

    [Fact]
    public void A_very_long_chain_is_refused() =>
        Should.Throw<PuzzleException>(() => ChainPuzzle.Parse("a=" + new string('1', 20_000))).Message.ShouldContain("at most 10000 characters");

    [Theory]
    [InlineData("a=3 b=a+4 b?", "four to six variables")]
    [InlineData("a=3 b=a-4 c=b+1 d=c+a d?", "the value of b is -1")]
    [InlineData("a=900 b=a+a c=b-a d=c+1 d?", "the value of b is 1800")]
    public void What_the_policy_has_not_seen_is_allowed_with_a_caution(string text, string caution) =>
        PuzzleParser.Parse(text).Caution.ShouldNotBeNull().ShouldContain(caution);

    [Fact]
    public void A_lone_variable_is_answered_by_its_value() =>
        ChainPuzzle.Parse("a=5 b=a b?").Solution.ShouldBe("a=5\nb=5\n#### 5\n");

    [Fact]
    public void A_right_answer_is_good_in_every_line()
    {
        var verdict = Puzzle.Check(Solution);
        verdict.IsCorrect.ShouldBeTrue();
        verdict.Answer.ShouldBe("181");
        verdict.StepLabels.ShouldBe([true, true, true, true, true]);
        verdict.FirstInvalidStep.ShouldBeNull();
        verdict.Reason.ShouldBeNull();
    }

    [Fact]
    public void After_a_wrong_line_no_line_is_good()
    {
        var verdict = Puzzle.Check("a=28\nb=28*3-15=69\nc=69-28=42\nd=41+28*5=181\n#### 181\n");
        verdict.IsCorrect.ShouldBeTrue(); // the value is what is asked
        verdict.StepLabels.ShouldBe([true, true, false, false, false]);
        verdict.FirstInvalidStep.ShouldBe(2);
    }

    [Theory]
    [InlineData("a=28\nb=28*3-15=70\n", null, "line 2, 'b=28*3-15=70': 'b=28*3-15=69' is right")]
    [InlineData("a=28\nb=28*3-15=69\n", null, "there is no last line '#### VALUE'")]
    [InlineData("a=28\n#### 18\n", "18", "the answer is 18, not 181")]
    [InlineData("#### many", null, "there is no last line '#### VALUE'")]
    [InlineData("", null, "there is no last line '#### VALUE'")]
    public void A_wrong_answer_is_told_with_its_reason(string text, string? answer, string reason)
    {
        var verdict = Puzzle.Check(text);
        verdict.IsCorrect.ShouldBeFalse();
        verdict.Answer.ShouldBe(answer);
        verdict.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("a=1\n#### 181\n", "181")]
    [InlineData("#### 5\n#### -7", "-7")]
    [InlineData("####181", "181")]
    [InlineData("181", null)]
    [InlineData("#### 99999999999999999999", null)]
    [InlineData("####", null)]
    public void A_vote_counts_the_value_after_the_mark(string text, string? ballot) => Puzzle.Ballot(text).ShouldBe(ballot);

    [Fact]
    public void Values_agree_with_the_exact_evaluator_and_prompts_read_back()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var puzzle = new PuzzleGenerator((ulong)seed).NextChain();
            var back = ChainPuzzle.Parse(puzzle.Prompt);
            bool agree = puzzle.Assignments.Skip(1).All(a =>
            {
                string[] sides = a.Line.Split('=');
                return Expression.Parse(sides[1]).Evaluate() == a.Value;
            });
            return agree && back.Prompt == puzzle.Prompt && back.Value == puzzle.Value && puzzle.Check(puzzle.Solution).IsCorrect;
        }));
    }

    [Fact]
    public void Any_text_gets_a_verdict_or_a_refusal() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.GeneratorFor<NonNull<string>>().ToArbitrary(), text =>
        {
            Should.Throw<PuzzleException>(() => ChainPuzzle.Parse(text.Get + "="));
            return !Puzzle.Check(text.Get).IsCorrect;
        }));
}
