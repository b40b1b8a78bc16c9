using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Generation;

namespace Ponder.Inference.Tests.Generation;

public sealed class StopMatcherTests
{
    [Fact]
    public void However_a_text_is_cut_it_ends_before_its_first_stop_text()
    {
        var cases =
            from stops in (from length in Gen.Choose(1, 4) from letters in Gen.Elements('a', 'b').ArrayOf(length) select new string(letters)).ListOf(3)
            from pieces in (from length in Gen.Choose(0, 5) from letters in Gen.Elements('a', 'b', 'c').ArrayOf(length) select new string(letters)).ListOf()
            from count in Gen.Choose(0, 3)
            select (Stops: stops.Take(count).ToArray(), Pieces: pieces.ToArray());
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var matcher = new StopMatcher(example.Stops);
            string text = "", shown = "";
            foreach (string piece in example.Pieces)
            {
                if (matcher.Stopped)
                    break;
                text += piece;
                shown += matcher.Add(piece);
                text.ShouldStartWith(shown);
                // What was shown may not be the beginning of a stop text that the next piece completes.
                foreach (string stop in example.Stops)
                {
                    for (int start = 0; !matcher.Stopped && start < shown.Length; start++)
                        stop.StartsWith(text[start..], StringComparison.Ordinal).ShouldBeFalse($"'{shown}' of '{text}' may begin '{stop}'");
                }
            }
            bool stopped = matcher.Stopped;
            shown += matcher.Flush();
            int[] found = [.. example.Stops.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0)];
            stopped.ShouldBe(found.Length > 0);
            shown.ShouldBe(found.Length > 0 ? text[..found.Min()] : text);
            matcher.Flush().ShouldBe("");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Without_stop_texts_everything_passes_at_once()
    {
        var matcher = new StopMatcher([]);
        matcher.Add("abc").ShouldBe("abc");
        matcher.Flush().ShouldBe("");
        matcher.Stopped.ShouldBeFalse();
    }

    [Fact]
    public void What_may_begin_a_stop_text_is_held_until_it_does_not()
    {
        var matcher = new StopMatcher(["\n\n", "END"]);
        matcher.Add("one\n").ShouldBe("one");
        matcher.Add("two E").ShouldBe("\ntwo ");
        matcher.Add("N").ShouldBe("");
        matcher.Add("d").ShouldBe("ENd");
        matcher.Add("\n").ShouldBe("");
        matcher.Add("\nmore").ShouldBe("");
        matcher.Stopped.ShouldBeTrue();
        matcher.Add("more").ShouldBe("");
    }
}
