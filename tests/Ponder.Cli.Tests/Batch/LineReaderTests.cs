using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ponder.Cli.Batch;

namespace Ponder.Cli.Tests.Batch;

public class LineReaderTests
{
    [Fact]
    public void Lines_are_those_of_the_text_however_the_stream_is_cut()
    {
        var texts = Gen.Elements("", "\n", "a", "bc\r", "déf", "\n\n").ListOf().Select(parts => string.Concat(parts)).ToArbitrary();
        var pieces = Gen.Choose(1, 5).ToArbitrary();
        Prop.ForAll(texts, pieces, (text, piece) =>
        {
            string[] expected = text.Split('\n');
            if (expected[^1].Length == 0)
                expected = expected[..^1];
            var lines = Read(text, 1000, piece);
            return lines.Select(line => line.Text).SequenceEqual(expected)
                && lines.Select((line, i) => line.Number == i + 1).All(holds => holds)
                && lines.Sum(line => line.End - line.Start) == Encoding.UTF8.GetByteCount(text)
                && lines.Take(lines.Count - 1).All(line => line.IsWhole);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(100_000)]
    public void A_line_that_is_too_long_is_passed_over(int longest)
    {
        string fits = new('x', longest), tooLong = new('y', longest + 1), muchTooLong = new('z', (longest * 3) + 7);
        var lines = Read($"{fits}\n{tooLong}\n{fits}\n{muchTooLong}\nend\n{muchTooLong}", longest, 4096);
        lines.Select(line => line.IsTooLong).ShouldBe([false, true, false, true, false, true]);
        lines.Select(line => line.Text).ShouldBe([fits, "", fits, "", "end", ""]);
        lines.Select(line => line.IsWhole).ShouldBe([true, true, true, true, true, false]);
        lines[^1].End.ShouldBe((longest * 9) + 23);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_line() =>
        Read("\uFEFFa\n\uFEFFb\n", 100, 2).Select(line => line.Text).ShouldBe(["a", "\uFEFFb"]);

    [Theory]
    [InlineData(" \t\r\n", true)]
    [InlineData("", false)]
    [InlineData(" x\n", false)]
    public void A_line_of_spaces_is_blank(string text, bool isBlank) => Read(text, 100, 2).Any(line => line.IsBlank).ShouldBe(isBlank);

    private static List<(long Number, long Start, long End, string Text, bool IsTooLong, bool IsWhole, bool IsBlank)> Read(string text, int longest, int piece)
    {
        using var stream = new DroppingStream(Encoding.UTF8.GetBytes(text), piece);
        var reader = new LineReader(stream, longest);
        var lines = new List<(long, long, long, string, bool, bool, bool)>();
        while (reader.TryRead(out var line))
            lines.Add((line.Number, line.Start, line.End, Encoding.UTF8.GetString(line.Text.Span), line.IsTooLong, line.IsWhole, line.IsBlank));
        return lines;
    }

    /// <summary>A stream that gives a few bytes at a time.</summary>
    private sealed class DroppingStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, piece));
    }
}
