using Ponder.Cli.Seeing;
using Ponder.Cli.Solving;

namespace Ponder.Cli.Tests.Seeing;

public sealed class ThoughtTreeTests
{
    [Fact]
    public void Rows_show_scores_pruned_and_open_thoughts_and_the_answers_path()
    {
        var tree = Example();
        Texts(tree, 40, 20).ShouldBe(
        [
            "0.90 first",
            "  ├ 0.95 better",
            "  │ 0.99 the answer",
            "  └ 0.10 worse",
            "0.20 second",
            "third …",
        ]);
        tree.Choose(5);
        var lines = tree.Lines(40, 20);
        lines.SelectMany(line => line.Pieces).Where(piece => piece.Tone == Tone.Path).Select(piece => piece.Text).ShouldBe(["first", "better", "the answer"]);
        lines.SelectMany(line => line.Pieces).Where(piece => piece.Tone == Tone.Pruned).Select(piece => piece.Text).ShouldBe(["0.10 ", "worse", "0.20 ", "second"]);
        lines.SelectMany(line => line.Pieces).Where(piece => piece.Tone == Tone.Score).Select(piece => piece.Score).ShouldBe([0.9, 0.95, 0.99]);
    }

    [Theory]
    [InlineData(5, new[] { "0.90 first", "  ├ 0.95 better", "  │ 0.99 the answer", "  └ … 1 more", "… 2 more" })]
    [InlineData(2, new[] { "0.90 first (+3)", "… 2 more" })]
    [InlineData(0, new string[0])]
    public void What_does_not_fit_is_folded_and_counted(int height, string[] lines)
    {
        var tree = Example();
        tree.Choose(5);
        Texts(tree, 40, height).ShouldBe(lines);
    }

    [Fact]
    public void Open_thoughts_come_before_better_ones_that_ended()
    {
        var tree = new ThoughtTree();
        Grow(tree, 1, 0, "ended", 0.9);
        tree.Prune(1);
        Grow(tree, 2, 0, "ended too", 0.8);
        tree.Prune(2);
        Grow(tree, 3, 0, "goes on", 0.1);
        Texts(tree, 40, 2).ShouldBe(["0.10 goes on …", "… 2 more"]);
    }

    [Fact]
    public void Lines_are_never_wider_or_more_than_asked_for()
    {
        var tree = new ThoughtTree();
        var random = new Random(1);
        for (int i = 1; i < 400; i++)
        {
            tree.Add(i, i < 3 ? 0 : random.Next(Math.Max(1, i - 20), i));
            tree.Grow(i, new string('x', random.Next(60)), isOpen: random.Next(3) > 0, isAnswer: random.Next(20) == 0);
            if (random.Next(2) == 0)
                tree.Score(i, random.NextDouble());
            if (random.Next(5) == 0)
                tree.Prune(i);
            int width = random.Next(20, 90), height = random.Next(0, 40);
            var lines = tree.Lines(width, height);
            lines.Count.ShouldBeLessThanOrEqualTo(height);
            lines.ShouldAllBe(line => line.ToString().Length <= width);
        }
    }

    // The first goes on in two ways, of which one comes to the answer and one is given up, as is the second; the third is open.
    private static ThoughtTree Example()
    {
        var tree = new ThoughtTree();
        Grow(tree, 1, 0, "first", 0.9);
        Grow(tree, 2, 0, "second", 0.2);
        tree.Prune(2);
        Grow(tree, 3, 0, "third", null);
        Grow(tree, 4, 1, "better", 0.95);
        Grow(tree, 7, 1, "worse", 0.1);
        tree.Prune(7);
        Grow(tree, 5, 4, "the answer", 0.99, isAnswer: true);
        return tree;
    }

    private static void Grow(ThoughtTree tree, int number, int parent, string text, double? reward, bool isAnswer = false)
    {
        tree.Add(number, parent);
        tree.Grow(number, text, isOpen: !isAnswer, isAnswer);
        if (reward is not null)
            tree.Score(number, reward);
    }

    private static string[] Texts(ThoughtTree tree, int width, int height) => [.. tree.Lines(width, height).Select(line => line.ToString())];
}
