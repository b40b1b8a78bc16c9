using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Generation;
using Ponder.Numerics;

namespace Ponder.Inference.Tests.Generation;

public sealed class AnswerTextTests
{
    private const int Window = 5;

    /// <summary>None of them matches more than a window.</summary>
    private static readonly StopRule.Pattern[] Patterns =
    [
        .. ((string[])["ab{1,3}c", "c$", @"\bb", "^ab", "(?:abc|b)a", "[a-c]{4}b", "c(?:a|$)b?"])
            .Select(pattern => new StopRule.Pattern(new Regex(pattern, RegexOptions.NonBacktracking), Window)),
    ];

    [Fact]
    public void However_tokens_cut_a_text_it_ends_where_the_first_rule_is_complete()
    {
        var letters = Gen.Elements('a', 'b', 'c', ' ');
        var texts = from length in Gen.Choose(1, 4) from text in Gen.Elements('a', 'b').ArrayOf(length) select new string(text);
        var rules = Gen.OneOf(
            texts.Select(text => (StopRule)new StopRule.Text(text)),
            texts.Select(text => (StopRule)new StopRule.Delimiter(text)),
            Gen.Elements(Patterns).Select(pattern => (StopRule)pattern));
        var pieces = from length in Gen.Choose(0, 6) from piece in letters.ArrayOf(length) select new string(piece);
        var cases =
            from chosen in rules.ArrayOf(3)
            from count in Gen.Choose(0, 3)
            from tokens in pieces.ArrayOf()
            select (Rules: chosen[..count], Tokens: tokens);
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var (expected, reason, length) = Search(string.Concat(example.Tokens), example.Rules);
            var answer = new AnswerText(new PieceTokenizer(example.Tokens), example.Rules);
            string shown = "";
            int read = 0;
            for (int id = 0; id < example.Tokens.Length && answer.Stopped is null; id++)
            {
                shown += answer.Add(id);
                read += example.Tokens[id].Length;
                expected.ShouldStartWith(shown);
                (answer.Stopped is not null).ShouldBe(reason is not null && read >= length);
            }
            shown += answer.Flush();
            shown.ShouldBe(expected);
            answer.Stopped.ShouldBe(reason);
            answer.Flush().ShouldBe("");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1500));
    }

    [Fact]
    public void Whatever_comes_next_could_still_cut_off_what_is_held_for_a_text()
    {
        StopRule[] rules = [new StopRule.Text("aab"), new StopRule.Text("abab")];
        foreach (string text in Words(8))
        {
            var answer = new AnswerText(new PieceTokenizer(text), rules);
            string shown = answer.Add(0);
            string held = text.Substring(shown.Length);
            if (answer.Stopped is null && held.Length > 0)
                rules.Cast<StopRule.Text>().ShouldContain(rule => rule.Value.StartsWith(held, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_may_begin_a_stop_text_is_held_until_it_does_not()
    {
        var (answer, add) = Answer(new StopRule.Text("\n\n"), new StopRule.Text("END"));
        add("one\n").ShouldBe("one");
        add("two E").ShouldBe("\ntwo ");
        add("N").ShouldBe("");
        add("d").ShouldBe("ENd");
        add("\n").ShouldBe("");
        add("\nmore").ShouldBe("");
        answer.Stopped.ShouldBe(FinishReason.StopText);
        add("more").ShouldBe("");
        answer.Flush().ShouldBe("");
    }

    [Fact]
    public void A_delimiter_is_kept_and_what_its_token_holds_behind_it_is_not()
    {
        var (answer, add) = Answer(new StopRule.Delimiter("\n\n"));
        add("step one\n").ShouldBe("step one\n");
        add("\nNext").ShouldBe("\n");
        answer.Stopped.ShouldBe(FinishReason.Delimiter);
        answer.Flush().ShouldBe("");
    }

    [Fact]
    public void A_stop_token_has_no_text_and_lets_out_what_was_held()
    {
        var answer = new AnswerText(new PieceTokenizer("x E", "stop"), [new StopRule.Token(1), new StopRule.Text("END")]);
        answer.Add(0).ShouldBe("x ");
        answer.Add(1).ShouldBe("");
        answer.Stopped.ShouldBe(FinishReason.StopToken);
        answer.Flush().ShouldBe("E");
        answer.Stopped.ShouldBe(FinishReason.StopToken);
    }

    [Fact]
    public void A_pattern_shows_text_a_window_late_and_never_a_part_of_its_match()
    {
        var (answer, add) = Answer(new StopRule.Pattern(new Regex(@"answer: \d+\n", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase), 16));
        add("So the final ").ShouldBe("");
        add("result is: ").ShouldBe("So the fi");
        add("Answer: 1").ShouldBe("nal resul");
        add("2\nand").ShouldBe("t is: ");
        answer.Stopped.ShouldBe(FinishReason.StopPattern);
        answer.Flush().ShouldBe("");
    }

    [Fact]
    public void A_match_is_looked_for_within_the_window_alone()
    {
        Regex boxed = new("<[^>]*>", RegexOptions.NonBacktracking);
        var (answer, add) = Answer(new StopRule.Pattern(boxed, 6));
        add("x<12345>").ShouldBe("x<1");
        add("<1234>").ShouldBe("2345>");
        answer.Stopped.ShouldBe(FinishReason.StopPattern);
        answer.Flush().ShouldBe("");
    }

    [Fact]
    public void Characters_beyond_16_bits_are_never_cut_in_half()
    {
        Regex low = new(@"[\uDC00-\uDFFF]!", RegexOptions.NonBacktracking);
        var (answer, add) = Answer(new StopRule.Pattern(low, 4));
        add("😀😁😂").ShouldBe("😀");
        add("!").ShouldBe("😁");
        answer.Stopped.ShouldBe(FinishReason.StopPattern);
    }

    [Fact]
    public void A_pattern_that_runs_into_its_timeout_is_said()
    {
        var (_, add) = Answer(new StopRule.Pattern(new Regex("(a+)+b(?=x)", RegexOptions.None, TimeSpan.FromMilliseconds(1)), 1000));
        Should.Throw<PonderException>(() => add(new string('a', 500))).Message.ShouldContain("'(a+)+b(?=x)'");
    }

    [Fact]
    public void A_condition_sees_all_text_with_the_newest_token_and_keeps_the_text()
    {
        List<(int, int, string)> seen = [];
        StopRule[] rules =
        [
            new StopRule.Text("END"),
            new StopRule.When(view =>
            {
                seen.Add((view.Token, view.Generated, view.Text.ToString()));
                return view.Generated == 3;
            }),
        ];
        var answer = new AnswerText(new PieceTokenizer("one ", "two E", "N"), rules);
        (answer.Add(0) + answer.Add(1) + answer.Add(2)).ShouldBe("one two ");
        seen.ShouldBe([(0, 1, "one "), (1, 2, "one two E"), (2, 3, "one two EN")]);
        answer.Stopped.ShouldBe(FinishReason.Callback);
        answer.Flush().ShouldBe("EN");
    }

    [Fact]
    public void A_condition_is_not_asked_when_a_text_ends_the_answer_and_its_errors_come_out()
    {
        StopRule.When fails = new(_ => throw new InvalidOperationException("the caller's"));
        var answer = new AnswerText(new PieceTokenizer("END", "x"), [fails, new StopRule.Text("END")]);
        answer.Add(0).ShouldBe("");
        answer.Stopped.ShouldBe(FinishReason.StopText);
        var other = new AnswerText(new PieceTokenizer("END", "x"), [fails]);
        Should.Throw<InvalidOperationException>(() => other.Add(1)).Message.ShouldBe("the caller's");
    }

    [Fact]
    public void Texts_cost_no_memory_for_a_token_that_is_shown_at_once()
    {
        var answer = new AnswerText(new PieceTokenizer("one ", "\n"), [new StopRule.Text("\n\n"), new StopRule.Delimiter("END"), new StopRule.Token(7)]);
        answer.Add(0);
        answer.Add(1);
        answer.Add(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            answer.Add(0);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    /// <summary>The definition: the text a character longer each time, every rule looked for anew.</summary>
    private static (string Text, FinishReason? Reason, int Read) Search(string text, IReadOnlyList<StopRule> rules)
    {
        for (int length = 1; length <= text.Length; length++)
        {
            string read = text[..length];
            StopMatch[] found = [.. rules.Select(rule => Find(rule, read)).OfType<StopMatch>().OrderBy(match => match.End)];
            if (found.Length > 0)
                return (text[..found[0].End], found.Where(match => match.End == found[0].End).Min(match => match.Reason), length);
        }
        return (text, null, text.Length);
    }

    private static StopMatch? Find(StopRule rule, string read) => rule switch
    {
        StopRule.Text { Value: var text } when read.EndsWith(text, StringComparison.Ordinal) => new(read.Length - text.Length, FinishReason.StopText),
        StopRule.Delimiter { Value: var text } when read.EndsWith(text, StringComparison.Ordinal) => new(read.Length, FinishReason.Delimiter),
        StopRule.Pattern { Value: var regex } when regex.Match(read) is { Success: true } match => new(match.Index, FinishReason.StopPattern),
        _ => null,
    };

    private static IEnumerable<string> Words(int length) =>
        Enumerable.Range(0, 1 << length).Select(bits => new string([.. Enumerable.Range(0, length).Select(i => (bits >> i & 1) == 0 ? 'a' : 'b')]));

    /// <summary>An answer to which texts are added, each as a token.</summary>
    private static (AnswerText Answer, Func<string, string> Add) Answer(params StopRule[] rules)
    {
        var tokenizer = new PieceTokenizer();
        var answer = new AnswerText(tokenizer, rules);
        return (answer, text => answer.Add(tokenizer.IdOf(text)!.Value));
    }
}
