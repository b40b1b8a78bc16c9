using FsCheck;
using FsCheck.Fluent;
using Ponder.Reasoning.Composition;

namespace Ponder.Reasoning.Tests.Composition;

public sealed class PartListTests
{
    [Theory]
    [InlineData("1. How many? (needs none)\n2. How much? (needs 1)\n3. And in all? (needs 1, 2)")]
    [InlineData("Here you are:\n\n1) How many?\n2) How much? [depends on 1]\nThat is:\n3) And in all? (uses 1 and 2)\n\nGood luck!")]
    [InlineData("**Question 1:** How many?\n- **Step 2:** How much? (depends on: #1)\n* Q3. And in all? (requires answers 2 and 1)")]
    [InlineData("```json\n{\"parts\": [{\"question\": \"How many?\", \"depends\": []}, {\"question\": \"How much?\", \"depends\": [1]}, {\"question\": \"And in all?\", \"depends\": [1, 2]}]}\n```")]
    [InlineData("5. How many?\n6. How much? (needs 5)\n7. And in all? (needs 5, 6)")]
    public void Lists_are_read_in_many_forms(string text)
    {
        var parts = PartList.Read(text, 6);
        parts.Select(part => part.Number).ShouldBe([1, 2, 3]);
        parts.Select(part => part.Question).ShouldBe(["How many?", "How much?", "And in all?"]);
        parts.Select(part => string.Join(' ', part.Needs)).ShouldBe(["", "1", "1 2"]);
    }

    [Fact]
    public void Words_that_refer_to_a_part_say_what_is_needed()
    {
        var parts = PartList.Read("1. How many?\n2. Take #1 twice.\n3. Add question 1 and part 2 (in cm).", 6);
        parts[1].Needs.ShouldBe([1]);
        parts[2].Needs.ShouldBe([1, 2]);
        parts[2].Question.ShouldEndWith("(in cm).");
        PartList.Read("[\"How many?\", \"Take #1 twice.\"]", 6)[1].Needs.ShouldBe([1]);
    }

    [Fact]
    public void No_part_waits_for_itself_or_a_later_one()
    {
        var parts = PartList.Read("1. a? (needs 2)\n2. b? (needs 2, 9)\n3. c? (needs 1)", 6);
        parts.Select(part => string.Join(' ', part.Needs)).ShouldBe(["", "", "1"]);
    }

    [Fact]
    public void A_list_that_repeats_itself_or_never_ends_is_cut()
    {
        PartList.Read(string.Concat(Enumerable.Range(1, 40).Select(i => $"{i}. Again?\n")), 6).Count.ShouldBe(1);
        PartList.Read(string.Concat(Enumerable.Range(1, 40).Select(i => $"{i}. Number {i}x?\n")), 6).Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("It is 12.")]
    [InlineData("a b c\n= 2")]
    [InlineData("[1, 2]")]
    [InlineData("3.14 is pi\n1.")]
    [InlineData("{\"question\": [1, null, {\"q\": 3}]}")]
    public void What_is_no_list_has_no_parts(string text) => PartList.Read(text, 6).Count(part => part.Question.Contains('?')).ShouldBe(0);

    [Fact]
    public void Any_text_gives_parts_that_can_be_solved_in_order()
    {
        var pieces = Gen.Elements("1.", "2)", "Q3:", "(needs 1)", "[uses 2", "#1", "\n", " ", "[\"", "\"]", "{\"q\":\"", "\"}", "why", "?", "**", "99999999999");
        Prop.ForAll(pieces.ListOf().Select(string.Concat).ToArbitrary(), text =>
        {
            var parts = PartList.Read(text, 3);
            return parts.Count <= 3
                && parts.Select((part, i) => part.Number == i + 1 && part.Question.Length > 0 && part.Needs.All(need => need < part.Number)).All(holds => holds);
        }).QuickCheckThrowOnFailure();
    }
}
