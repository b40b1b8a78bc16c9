using FsCheck;
using FsCheck.Fluent;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Tests.Puzzles;

public sealed class ExpressionTests
{
    private static Gen<Expression> Expressions(int depth)
    {
        var number = Gen.Choose(0, 20).Select(n => (Expression)new NumberExpression(n));
        if (depth == 0)
            return number;
        var part = Expressions(depth - 1);
        var binary = from left in part
                     from @operator in Gen.Elements('+', '-', '*', '/')
                     from right in part
                     select (Expression)new BinaryExpression(left, @operator, right);
        return Gen.Frequency((2, number), (6, binary), (1, part.Select(p => (Expression)new NegationExpression(p))));
    }

    [Theory]
    [InlineData("1+2*3", "7")]
    [InlineData("(1+2)*3", "9")]
    [InlineData("8/(3-8/3)", "24")]
    [InlineData("10-3-2", "5")]
    [InlineData("16/4/2", "2")]
    [InlineData("-3/4", "-3/4")]
    [InlineData("--3", "3")]
    [InlineData("6 × 4 ÷ 3 − 1 · 2", "6")]
    [InlineData("99999999999999999999*99999999999999999999", "9999999999999999999800000000000000000001")]
    public void Values_are_exact(string text, string value) => Expression.Parse(text).Evaluate().ToString().ShouldBe(value);

    [Theory]
    [InlineData("1/0")]
    [InlineData("1/(2-2)+5")]
    [InlineData("-(1/0)")]
    public void A_division_by_zero_has_no_value(string text) => Expression.Parse(text).Evaluate().ShouldBeNull();

    [Theory]
    [InlineData("((1)+(2))-((3)+(4))", "1 + 2 - (3 + 4)")]
    [InlineData("(1*2)/(3*4)", "1 * 2 / (3 * 4)")]
    [InlineData("1+(2-3)", "1 + 2 - 3")]
    [InlineData("2*(6/3)", "2 * 6 / 3")]
    [InlineData("(1+2)*(3-4)", "(1 + 2) * (3 - 4)")]
    [InlineData("-(1+2)", "-(1 + 2)")]
    [InlineData("3-(-2)", "3 - -2")]
    public void It_is_written_without_needless_parentheses(string text, string written) => Expression.Parse(text).ToString().ShouldBe(written);

    [Theory]
    [InlineData("", "ends where a number")]
    [InlineData("1+", "ends where a number")]
    [InlineData("(1", "ends where ')'")]
    [InlineData("1)", "has ')' at character 2 where an operator")]
    [InlineData("1 2", "has '2' at character 3 where an operator")]
    [InlineData("1\0", "at character 2")]
    [InlineData("a", "has 'a' at character 1")]
    public void What_is_no_expression_is_refused_with_its_position(string text, string sentence) =>
        Should.Throw<PuzzleException>(() => Expression.Parse(text)).Message.ShouldContain(sentence);

    [Theory]
    [InlineData('(')]
    [InlineData('-')]
    [InlineData('9')]
    public void Depth_and_size_are_bounded(char letter)
    {
        Should.Throw<PuzzleException>(() => Expression.Parse(new string(letter, 1_001))).Message.ShouldContain("at most 1000 characters");
        string longest = new string(letter, 999) + "1";
        if (letter == '(')
            Should.Throw<PuzzleException>(() => Expression.Parse(longest));
        else
            Expression.Parse(longest).Evaluate().ShouldNotBeNull();
    }

    [Fact]
    public void What_is_written_reads_back_with_the_same_value_and_numbers() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(Expressions(4).ToArbitrary(), expression =>
        {
            var back = Expression.Parse(expression.ToString());
            return back.ToString() == expression.ToString()
                && back.Evaluate() == expression.Evaluate()
                && back.Numbers.SequenceEqual(expression.Numbers);
        }));

    [Fact]
    public void No_pair_of_parentheses_can_go_without_changing_the_reading() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(Expressions(3).ToArbitrary(), expression =>
        {
            string written = expression.ToString();
            var parsed = Expression.Parse(written);
            for (int open = written.IndexOf('(', StringComparison.Ordinal); open >= 0; open = written.IndexOf('(', open + 1))
            {
                int close = open, depth = 0;
                do
                    depth += written[close] == '(' ? 1 : written[close] == ')' ? -1 : 0;
                while (depth > 0 && close++ < written.Length);
                if (Expression.Parse(written.Remove(close, 1).Remove(open, 1)) == parsed)
                    return false;
            }
            return true;
        }));

    [Fact]
    public void Rationals_keep_lowest_terms()
    {
        new Rational(6, -4).ToString().ShouldBe("-3/2");
        new Rational(0, -7).ShouldBe(default);
        default(Rational).ToString().ShouldBe("0");
        (new Rational(1, 3) + new Rational(1, 6)).ShouldBe(new Rational(1, 2));
        Should.Throw<DivideByZeroException>(() => new Rational(1, 0));
        Should.Throw<DivideByZeroException>(() => new Rational(1, 2) / default(Rational));
    }
}
