using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tests.Puzzles;

public sealed class CountdownPuzzleTests
{
    [Theory]
    [InlineData("Make 24 from 3 7 8 12:\n")]
    [InlineData("Make 24 from 12 3 8 7")]
    [InlineData("make 24 from 3, 7, 8 and 12")]
    [InlineData("MAKE 24 FROM 3,7,8,12.")]
    [InlineData("24 from 3 7 8 12")]
    [InlineData("  24  from 3  7 8, and 12 ?\r\n")]
    public void What_people_type_becomes_the_prompt_the_policy_knows(string text)
    {
        var puzzle = PuzzleParser.Parse(text).ShouldBeOfType<CountdownPuzzle>();
        puzzle.Prompt.ShouldBe("Make 24 from 3 7 8 12:\n");
        puzzle.Numbers.ShouldBe([3, 7, 8, 12]);
        puzzle.Target.ShouldBe(24);
        puzzle.Task.ShouldBe("countdown");
        puzzle.Caution.ShouldBeNull();
    }

    [Theory]
    [InlineData("Make 24 from 3 7 8 1000", "number 1000 is out of range")]
    [InlineData("Make 1000 from 3 7 8 12", "target 1000 is out of range")]
    [InlineData("Make 24 from 3 7 0 12", "number 0 is out of range")]
    [InlineData("Make -3 from 3 7 8 12", "target -3 is out of range")]
    [InlineData("Make 24 from 3 99999999999999999999 8 12", "number '99999999999999999999' is out of range")]
    [InlineData("Make 24 from 3 7.5 8", "cannot read '7.5' as the number")]
    [InlineData("Make 24 from 3 + 7", "cannot read '+' as the number")]
    [InlineData("Make it from 3 7 8", "cannot read 'it' as the target")]
    [InlineData("Make 24 from 3", "has 2 to 6 numbers (the built-in policy was trained on three and four); this one has 1")]
    [InlineData("Make 24 from", "this one has 0")]
    [InlineData("Make 24 from 1 2 3 4 5 6 7", "this one has more than 6")]
    [InlineData("Make 24 of 1 2 3", "as a countdown puzzle: write 'Make 24 from 3 7 8 12'")]
    [InlineData("make", "as a countdown puzzle")]
    [InlineData("from", "as a countdown puzzle")]
    [InlineData("hello", "cannot read 'hello' as a puzzle: write 'Make 24 from 3 7 8 12' or 'a=3 b=a+4 b?'")]
    [InlineData("", "cannot read '' as a puzzle")]
    public void What_cannot_be_read_is_refused_in_a_sentence(string text, string sentence) =>
        Should.Throw<PuzzleException>(() => PuzzleParser.Parse(text)).Message.ShouldContain(sentence);

    [Theory]
    [InlineData("24 from 3 8", "with 2")]
    [InlineData("24 from 1 2 3 4 5", "with 5")]
    public void Counts_the_policy_has_not_seen_are_allowed_with_a_caution(string text, string caution) =>
        PuzzleParser.Parse(text).Caution.ShouldNotBeNull().ShouldContain(caution);

    [Fact]
    public void A_long_text_is_quoted_in_part() =>
        Should.Throw<PuzzleException>(() => PuzzleParser.Parse(new string('x', 100_000))).Message.Length.ShouldBeLessThan(200);

    [Fact]
    public void A_vote_counts_texts()
    {
        var puzzle = CountdownPuzzle.Parse("5 from 2 3");
        puzzle.Ballot("3+2=5 left 5\n").ShouldBe("3+2=5 left 5");
        puzzle.Ballot("\n").ShouldBeNull();
    }
}
