using System.Text.RegularExpressions;
using Ponder.Reasoning.Answers;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Tests.Answers;

public sealed class AnswerReaderTests
{
    [Theory]
    [InlineData(@"So \boxed{1} and then \boxed{\frac{1}{2}}.", @"\frac{1}{2}")]
    [InlineData(@"Thus \fbox{7}.", "7")]
    [InlineData(@"$\boxed 5$", "5")]
    [InlineData(@"\boxed{\{1, 2\}}", @"\{1, 2\}")]
    [InlineData(@"first \boxed{3}, then \boxed{4", "3")]
    [InlineData(@"\boxed{\boxed{5}}", "5")]
    [InlineData("The answer is $x^2$. That was easy.", "x^2")]
    [InlineData("**Final Answer:** 3.5.", "3.5")]
    [InlineData("The final answer is:\n\n\\[ \\frac{3}{4} \\]\n", @"\frac{3}{4}")]
    [InlineData("The answer to the second question is (1, 2).\nBye", "(1, 2)")]
    [InlineData("We find x = 2 + 3 = 5.", "5")]
    [InlineData("Hence $a$ is $\\sqrt{2}$.", @"\sqrt{2}")]
    [InlineData("There are 12 of them.", "12")]
    [InlineData("I do not know", null)]
    [InlineData("", null)]
    [InlineData("answer", null)]
    public void Formulas_are_read(string text, string? answer) => MathAnswers.Instance.Read(text).ShouldBe(answer);

    [Theory]
    [InlineData("16 - 3 = <<16-3=13>>13 eggs\n#### 1,018", "1018")]
    [InlineData(@"\boxed{\$32,\!348}", "32348")]
    [InlineData("The answer is 18 dollars for 3 hens.", "18")]
    [InlineData("Express the answer as a percentage: 2 / 8 * 100% = 25%\nA: 25", "25")]
    [InlineData("She has $1,234.50", "1234.50")]
    [InlineData("It is -5 degrees", "-5")]
    [InlineData("It costs -$5", "-5")]
    [InlineData("10 - 3", "3")]
    [InlineData("3/4 of it", "3/4")]
    [InlineData(@"\frac{3}{4}", "3/4")]
    [InlineData("5 1/2", "5 1/2")]
    [InlineData("about 12.5%", "12.5%")]
    [InlineData("6.02e23 atoms", "6.02e23")]
    [InlineData(@"6.02 \times 10^{23} atoms", "6.02e23")]
    [InlineData("7/0 or x2", "7")]
    [InlineData("at 10:30", null)]
    [InlineData("none", null)]
    public void Numbers_are_read(string text, string? answer)
    {
        // A division by zero is no number; what stands before it in the text is looked for.
        if (text.StartsWith("7/0", StringComparison.Ordinal))
            NumberAnswers.Instance.Read("7 and " + text[..3]).ShouldBe(answer);
        else
            NumberAnswers.Instance.Read(text).ShouldBe(answer);
    }

    [Theory]
    [InlineData("9 (apples)", "9", true)]
    [InlineData("1,000", "1000.00", true)]
    [InlineData("50%", "0.5", true)]
    [InlineData("50%", "50", true)]
    [InlineData("5 1/2", "5.5", true)]
    [InlineData("6.02e23", "602000000000000000000000", true)]
    [InlineData("2.0", "2", true)]
    [InlineData("0.5", "50", false)]
    [InlineData("18", "18.0001", false)]
    [InlineData("10:30 a.m.", "10:30 A.M.", true)]
    [InlineData("Tom", "Jerry", false)]
    public void Numbers_are_compared_by_value(string first, string second, bool areSame)
    {
        NumberAnswers.Instance.AreSame(first, second).ShouldBe(areSame);
        NumberAnswers.Instance.AreSame(second, first).ShouldBe(areSame);
    }

    [Theory]
    [InlineData(@"so \boxed{\text{(C)}}", "C")]
    [InlineData("The answer is (b).", "B")]
    [InlineData("Answer: A", "A")]
    [InlineData("Answer: **D**) 12 cm", "D")]
    [InlineData("The answer is \"A\".", "A")]
    [InlineData("The correct answer is option E because it is", "E")]
    [InlineData("It cannot be (A), so it is (B)", "B")]
    [InlineData("Thinking.\nC", "C")]
    [InlineData("Thinking.\nC. 12 cm", "C")]
    [InlineData("The answer is a triangle", null)]
    [InlineData("Answer: Z", null)]
    [InlineData("Because", null)]
    public void Choices_are_read(string text, string? answer) => new ChoiceAnswers("ABCDE").Read(text).ShouldBe(answer);

    [Fact]
    public void Choices_are_the_same_letter()
    {
        var choices = new ChoiceAnswers();
        choices.AreSame("(c)", "C").ShouldBeTrue();
        choices.AreSame(@"\text{(C)}", "C. 12 cm").ShouldBeTrue();
        choices.AreSame("C", "D").ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new ChoiceAnswers("A1"));
        Should.Throw<ArgumentException>(() => new ChoiceAnswers(""));
    }

    [Theory]
    [InlineData("Well.\nThe answer is the Eiffel Tower.", "the Eiffel Tower")]
    [InlineData("Answer: `yes`", "yes")]
    [InlineData("one\ntwo\n\n", "two")]
    [InlineData("  ", null)]
    public void Texts_are_read(string text, string? answer) => TextAnswers.Instance.Read(text).ShouldBe(answer);

    [Fact]
    public void Texts_are_compared_without_case_articles_and_punctuation()
    {
        TextAnswers.Instance.AreSame("The Eiffel Tower.", "eiffel  tower").ShouldBeTrue();
        TextAnswers.Instance.AreSame("3.5", "35").ShouldBeFalse();
        TextAnswers.Instance.AreSame("-2", "2").ShouldBeFalse();
        TextAnswers.Instance.AreSame("A", "B").ShouldBeFalse();
        TextAnswers.Instance.AreSame("!", "?").ShouldBeFalse();
    }

    [Theory]
    [InlineData("/items/1/price", "{\"items\":[{\"price\":1},{\"price\":2.50}]}", "2.50")]
    [InlineData("items[1].price", "{\"items\":[{\"price\":1},{\"price\":2.50}]}", "2.50")]
    [InlineData("$.items.0.price", "{\"items\":[{\"price\":1},{\"price\":2.50}]}", "1")]
    [InlineData("/a~1b/m~0n", "{\"a/b\":{\"m~n\":\"yes\"}}", "yes")]
    [InlineData("/", "{\"\":3}", "3")]
    [InlineData("", "[1, 2]", "[1,2]")]
    [InlineData("answer", "First {\"answer\": 1}. Then ```json\n{\"answer\": \"a } b\"}\n``` as in \\frac{1}{2} [see above]", "a } b")]
    [InlineData("answer", "{\"answer\": null}", null)]
    [InlineData("answer", "{\"other\": 1}", null)]
    [InlineData("answer", "{\"answer\": 1", null)]
    [InlineData("/01", "[1,2]", null)]
    [InlineData("answer", "no JSON", null)]
    public void Json_is_read_at_its_place(string path, string text, string? answer) => new JsonAnswers(path).Read(text).ShouldBe(answer);

    [Fact]
    public void Json_is_compared_by_value()
    {
        var answers = new JsonAnswers("");
        answers.AreSame("{\"a\":1,\"b\":[2.0]}", "{\"b\":[2.0],\"a\":1}").ShouldBeTrue();
        answers.AreSame("2.50", "2.5").ShouldBeTrue();
        answers.AreSame("Yes", "yes").ShouldBeTrue();
        answers.AreSame("[1,2]", "[2,1]").ShouldBeFalse();
        Should.Throw<ArgumentException>(() => new JsonAnswers("/a~2"));
        Should.Throw<ArgumentException>(() => new JsonAnswers("a..b"));
        Should.Throw<ArgumentException>(() => new JsonAnswers("a[x]"));
    }

    [Fact]
    public void A_pattern_finds_its_last_match_and_must_not_hang()
    {
        new RegexAnswers(new Regex(@"x=(\d+)", RegexOptions.NonBacktracking)).Read("x=1, x=23").ShouldBe("23");
        new RegexAnswers(new Regex(@"\d+", RegexOptions.NonBacktracking)).Read("1, 23").ShouldBe("23");
        new RegexAnswers(new Regex(@"\d+", RegexOptions.NonBacktracking)).Read("none").ShouldBeNull();
        new RegexAnswers(new Regex("^(a+)+$", RegexOptions.None, TimeSpan.FromMilliseconds(20))).Read(new string('a', 40) + "b").ShouldBeNull();
        Should.Throw<ArgumentException>(() => new RegexAnswers(new Regex("a")));
    }

    [Theory]
    [InlineData("[", 200_000)]
    [InlineData("{\"", 100_000)]
    [InlineData("[[1,", 50_000)]
    [InlineData(@"\boxed{", 20_000)]
    [InlineData("answer ", 20_000)]
    [InlineData("111,", 30_000)]
    [InlineData("$", 100_000)]
    [InlineData(@"\(", 50_000)]
    [InlineData("(A", 50_000)]
    [InlineData("\n", 100_000)]
    [InlineData("9/", 50_000)]
    public void Long_texts_are_read_soon(string part, int times)
    {
        string text = string.Concat(Enumerable.Repeat(part, times));
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        foreach (var reader in (IAnswerReader[])[MathAnswers.Instance, NumberAnswers.Instance, new ChoiceAnswers(), TextAnswers.Instance, new JsonAnswers("a")])
        {
            string? answer = reader.Read(text);
            reader.AreSame(answer ?? text, text + " ").ToString().ShouldNotBeEmpty();
        }
        System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds.ShouldBeLessThan(5);
    }

    [Fact]
    public async Task The_expected_answer_is_right_and_no_other()
    {
        var verifier = new ExactAnswer("0.5", MathAnswers.Instance);
        var problem = new Problem { Prompt = Prompt.Plain("?"), Question = "?", Answers = MathAnswers.Instance };
        (await verifier.VerifyAsync(problem, @"It is \boxed{\frac12}")).ShouldBe(new Verdict(true, @"\frac12"));
        (await verifier.VerifyAsync(problem, @"It is \boxed{2}")).ShouldBe(new Verdict(false, "2", "It is not the expected answer."));
        (await verifier.VerifyAsync(problem, "no idea")).IsCorrect.ShouldBe(false);
        verifier.Name.ShouldBe("answer");
        verifier.IsExact.ShouldBeTrue();
    }
}
