using FsCheck;
using FsCheck.Fluent;
using Ponder.Reasoning.Answers;

namespace Ponder.Reasoning.Tests.Answers;

public sealed class MathEqualityProperties
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(300);

    /// <summary>An expression as it may be written, with itself multiplied out: terms by the powers of x and y.</summary>
    private sealed record Written(string Text, Dictionary<(int X, int Y), long> Terms)
    {
        public string Expanded => Terms.Count == 0 ? "0" : string.Join(" + ", Terms.OrderByDescending(term => term.Key)
            .Select(term => $"({term.Value}) x^{{{term.Key.X}}} y^{{{term.Key.Y}}}"));
    }

    private static Dictionary<(int X, int Y), long> Sum(IEnumerable<((int X, int Y) Powers, long Value)> terms) =>
        terms.GroupBy(term => term.Powers).Select(group => (group.Key, Value: group.Sum(term => term.Value)))
            .Where(term => term.Value != 0).ToDictionary(term => term.Key, term => term.Value);

    private static Gen<Written> Expressions(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Choose(1, 9).Select(n => new Written($"{n}", Sum([((0, 0), n)]))),
            Gen.Constant(new Written("x", Sum([((1, 0), 1L)]))),
            Gen.Constant(new Written("y", Sum([((0, 1), 1L)]))));
        if (depth == 0)
            return leaf;
        var part = Expressions(depth - 1);
        var composed = from a in part
                       from b in part
                       from kind in Gen.Choose(0, 3)
                       select kind switch
                       {
                           0 => new Written($"{a.Text} + {b.Text}", Sum(Flat(a.Terms).Concat(Flat(b.Terms)))),
                           1 => new Written($"{a.Text} - \\left({b.Text}\\right)", Sum(Flat(a.Terms).Concat(Flat(b.Terms).Select(t => (t.Powers, -t.Value))))),
                           2 => new Written($"({a.Text})({b.Text})", Product(a, b)),
                           _ => new Written($"{{({a.Text})}}^2", Product(a, a)),
                       };
        return Gen.Frequency((1, leaf), (5, composed));
    }

    private static IEnumerable<((int X, int Y) Powers, long Value)> Flat(Dictionary<(int X, int Y), long> terms) => terms.Select(term => (term.Key, term.Value));

    private static Dictionary<(int X, int Y), long> Product(Written a, Written b) =>
        Sum(from s in a.Terms from t in b.Terms select ((s.Key.X + t.Key.X, s.Key.Y + t.Key.Y), s.Value * t.Value));

    [Fact]
    public void An_expression_is_its_expanded_form_and_no_other() => Check.One(Quick, Prop.ForAll(Expressions(3).ToArbitrary(), expression =>
        MathEquality.AreSame(expression.Text, expression.Expanded)
        && MathEquality.AreSame(expression.Expanded, expression.Text)
        && !MathEquality.AreSame(expression.Text, expression.Expanded + " + 1")));

    [Fact]
    public void A_quotient_is_itself_expanded_above_and_below() => Check.One(Quick, Prop.ForAll(
        Expressions(2).Zip(Expressions(2)).Zip(Expressions(1)).ToArbitrary(), parts =>
        {
            var ((top, bottom), factor) = parts;
            if (bottom.Terms.Count == 0 || factor.Terms.Count == 0)
                return true;
            string reduced = $"\\frac{{{top.Text}}}{{{bottom.Text}}}";
            string extended = $"(({top.Expanded})({factor.Text}))/(({bottom.Expanded})({factor.Expanded}))";
            return MathEquality.AreSame(reduced, extended) && !MathEquality.AreSame(reduced, extended + " + x");
        }));

    [Fact]
    public void Any_two_texts_compare_and_both_ways_alike()
    {
        string[] pieces = ["1", "2", "x", "+", "-", "*", "/", "^", "(", ")", "[", "]", "{", "}", ",", " ", ".", "=", "<", @"\frac", @"\sqrt", @"\pm", "|", "!",
            "%", @"\text{", @"\pi", @"\infty", @"\cup", "_", @"\{", @"\}", "cm", "sin", @"\\", "&", @"\begin{pmatrix}", @"\end{pmatrix}", "e", "i", "$", "0", "𝑥", "\0"];
        var texts = Gen.Elements(pieces).ListOf().Select(parts => string.Concat(parts));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(texts.Zip(texts).ToArbitrary(), pair =>
        {
            var (a, b) = pair;
            return MathEquality.AreSame(a, a) && MathEquality.AreSame(a, b) == MathEquality.AreSame(b, a)
                && NumberAnswers.Instance.AreSame(a, b) == NumberAnswers.Instance.AreSame(b, a)
                && (MathAnswers.Instance.Read(a) is not string answer || MathEquality.AreSame(answer, answer));
        }));
    }
}
