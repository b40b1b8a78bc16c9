using System.Diagnostics;
using Ponder.Reasoning.Answers;
using Ponder.TestSupport;

namespace Ponder.Reasoning.Tests.Answers;

public sealed class MathEqualityTests
{
    private static readonly string Vectors = Path.Combine(SharedData.Repository, "tests", "Ponder.Reasoning.Tests", "Answers", "Vectors", "equality.txt");

    private static IEnumerable<(bool AreSame, string First, string Second)> Pairs()
    {
        foreach (string line in File.ReadLines(Vectors).Where(line => line.Length > 0 && line[0] is '=' or '!'))
        {
            int bar = line.IndexOf(" | ", StringComparison.Ordinal);
            yield return (line[0] == '=', line[2..bar], line[(bar + 3)..]);
        }
    }

    [Fact]
    public void The_vectors_compare_as_labelled()
    {
        var pairs = Pairs().ToList();
        pairs.Count.ShouldBeGreaterThan(150);
        pairs.Where(pair => MathEquality.AreSame(pair.First, pair.Second) != pair.AreSame)
            .Select(pair => $"{pair.First} | {pair.Second} should {(pair.AreSame ? "" : "not ")}be the same").ShouldBeEmpty();
    }

    [Fact]
    public void It_is_reflexive_and_symmetric_on_the_vectors()
    {
        foreach (var (_, first, second) in Pairs())
        {
            MathEquality.AreSame(first, first).ShouldBeTrue(first);
            MathEquality.AreSame(first, second).ShouldBe(MathEquality.AreSame(second, first), $"{first} | {second}");
        }
    }

    [Theory]
    [InlineData("(", 1_000)]
    [InlineData("{", 1_000)]
    [InlineData("-", 1_000)]
    [InlineData("9", 1_000)]
    [InlineData("9^", 500)]
    [InlineData("x^{", 300)]
    [InlineData(@"\sqrt{", 160)]
    [InlineData(@"\frac{", 160)]
    [InlineData(@"\sin ", 200)]
    [InlineData("(x+y+z+w)(a+b+c+d)", 55)]
    [InlineData("(x+1/7)^9", 110)]
    [InlineData("9^9^9^", 160)]
    [InlineData("99999^{999}*", 80)]
    [InlineData("1/97+", 200)]
    [InlineData("x/(y+1)+", 120)]
    [InlineData(@"\sqrt{99999989}+", 60)]
    [InlineData(@"\sqrt{9999999967999999999}+", 40)]
    [InlineData("1,", 500)]
    [InlineData(@"\pm 1,", 160)]
    [InlineData(@"\pm", 330)]
    [InlineData("|", 1_000)]
    [InlineData(@"\begin{pmatrix}", 60)]
    [InlineData(@"x<", 500)]
    [InlineData("1.5e999", 140)]
    [InlineData("300!", 250)]
    [InlineData(@"2^{2^{", 150)]
    [InlineData("\\", 1_000)]
    [InlineData("_", 1_000)]
    [InlineData("\0\uD800", 400)]
    public void No_input_makes_it_slow_or_throws(string part, int times)
    {
        string open = string.Concat(Enumerable.Repeat(part, times));
        string closed = open + "1" + new string('}', part.Count(c => c == '{') * times) + new string(')', part == "(" ? times : 0);
        MathEquality.AreSame("1", "2").ShouldBeFalse();
        foreach (string text in (string[])[open, closed, open + "1", closed[..Math.Min(closed.Length, 1_000)]])
        {
            long start = Stopwatch.GetTimestamp();
            MathEquality.AreSame(text, "1 " + text);
            MathEquality.AreSame(text, "x");
            MathEquality.AreSame(text, text + "+0").ToString().ShouldNotBeEmpty();
            MathEquality.AreSame(text, text).ShouldBeTrue();
            Stopwatch.GetElapsedTime(start).TotalSeconds.ShouldBeLessThan(2, text);
        }
    }
}
