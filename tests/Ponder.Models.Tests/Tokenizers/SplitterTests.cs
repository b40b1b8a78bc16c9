using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using Ponder.Models.Tokenizers.Models;
using Ponder.Models.Tokenizers.Splitting;

namespace Ponder.Models.Tests.Tokenizers;

/// <summary>The scanners written by hand against .NET's regular expressions, which see the same characters in the basic plane.</summary>
public class SplitterTests
{
    // Every kind of character, signs that the patterns name, and letters of contractions more often than others.
    private static readonly Gen<char> Characters = Gen.Frequency(
        (6, Gen.Elements("''sStTmMdDlLrReEvV aB".ToCharArray())),
        (4, Gen.Elements(" \t\r\n\n  \u00A0\u3000\u2028".ToCharArray())),
        (3, Gen.Elements("0123٣½Ⅷ".ToCharArray())),
        (3, Gen.Elements(".,!?-_#$€`~…。！‘＜\u0301\u200D\u0000".ToCharArray())),
        (3, Gen.Elements("éßΩяשع中한ǅʰか龥".ToCharArray())),
        (1, Gen.Choose(1, 0xD7FF).Select(c => (char)c).Where(c => c is not 'ſ' and not '\u212A')));

    private static readonly Arbitrary<string> Texts = Arb.From(Characters.ArrayOf().Select(characters => new string(characters)).Where(text => text.Length > 0));

    public static TheoryData<string> KnownPatterns => [.. new[]
    {
        Gpt2Splitter.Pattern, Llama3Splitter.Llama3Pattern, Llama3Splitter.Qwen2Pattern, Llama3Splitter.SpelledLlama3Pattern, Llama3Splitter.SpelledQwen2Pattern,
    }];

    public static TheoryData<string> RunPatterns => [.. new[]
    {
        "[\r\n]", @"\s?\p{L}+", @"\s?\p{P}+", @"\s?[!-/:-~！-／：-～‘-‟　-。]+", "[一-龥ࠀ-一가-퟿]+", @"\p{N}", @"\p{N}{1,3}", @"[^\s\p{L}]+", @"[\p{L}\p{Mn}]+",
    }];

    [Theory]
    [MemberData(nameof(KnownPatterns))]
    public void Scanners_cut_as_their_patterns_do(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant);
        var scanner = Patterns.Known(pattern).ShouldNotBeNull();
        Prop.ForAll(Texts, text => Pieces(scanner, text).SequenceEqual(regex.Matches(text).Select(match => match.Value)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000).WithEndSize(40));
    }

    [Theory]
    [MemberData(nameof(RunPatterns))]
    public void Runs_match_as_their_patterns_do(string pattern)
    {
        var regex = new Regex(pattern, RegexOptions.CultureInvariant);
        var matcher = RunMatcher.TryParse(pattern).ShouldNotBeNull();
        Prop.ForAll(Texts, text => Pieces(new BehaviorSplitter(matcher, SplitBehavior.Removed, invert: true), text).SequenceEqual(regex.Matches(text).Select(match => match.Value)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(40));
    }

    [Fact]
    public void Every_named_pretokenizer_keeps_the_text()
    {
        Splitter[][] all = [.. PreTokenizer.Names.Select(name => PreTokenizer.Find(name)!.Splitters)];
        Prop.ForAll(Texts, text => all.All(splitters => string.Concat(Pieces(splitters, text + "\uD83D🚀")) == text + "\uD83D🚀"))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(40));
        PreTokenizer.Find("default").ShouldBeNull();
    }

    [Fact]
    public void Letters_beyond_the_basic_plane_are_letters()
    {
        Pieces(new Gpt2Splitter(), "a𝐱𐐷 𐐷𝟗 🚀").ShouldBe(["a𝐱𐐷", " 𐐷", "𝟗", " 🚀"]);
        Pieces(new Llama3Splitter(3), "🚀a 𝟗𝟗𝟗𝟗").ShouldBe(["🚀a", " ", "𝟗𝟗𝟗", "𝟗"]);
        var any = new RegexMatcher(new Regex(@"\p{L}+|(?<=a)\d+"));
        Pieces(new BehaviorSplitter(any, SplitBehavior.Isolated), "a𝐱𐐷🚀 b").ShouldBe(["a𝐱𐐷", "🚀 ", "b"]);
    }

    [Fact]
    public void Llama3_contractions_ignore_case_by_unicode_rules() => Pieces(new Llama3Splitter(3), "it'ſa 'LLx").ShouldBe(["it", "'ſ", "a", " '", "LLx"]);

    [Fact]
    public void Deepseek_cuts_letters_signs_and_ideographs()
    {
        // The range :-~ of its signs holds the ASCII letters too, so that ö stands alone.
        Pieces(PreTokenizer.Find("deepseek-llm")!.Splitters, "Hello, wörld  \n 12中文！").ShouldBe(["Hello", ",", " w", "ö", "rld", "  ", "\n", " ", "1", "2", "中文", "！"]);
        Pieces(PreTokenizer.Find("smollm")!.Splitters, "a 12b").ShouldBe(["a", " ", "1", "2", "b"]);
    }

    [Theory]
    [InlineData("Isolated", "a|-|-|b|-")]
    [InlineData("Removed", "a|b")]
    [InlineData("MergedWithPrevious", "a-|-|b-")]
    [InlineData("MergedWithNext", "a|-|-b|-")]
    [InlineData("Contiguous", "a|--|b|-")]
    public void Behaviors_treat_matches_as_they_say(string behavior, string expected) =>
        string.Join('|', Pieces(new BehaviorSplitter(new LiteralMatcher("-"), Enum.Parse<SplitBehavior>(behavior)), "a--b-")).ShouldBe(expected);

    [Fact]
    public void Metaspace_marks_the_beginning_once()
    {
        Pieces(new MetaspaceSplitter('▁', PrependScheme.Always, splits: true), "a  b").ShouldBe(["▁a", "▁", "▁b"]);
        Pieces(new MetaspaceSplitter('▁', PrependScheme.Always, splits: false), " a b").ShouldBe(["▁a▁b"]);
        Pieces(new MetaspaceSplitter('▁', PrependScheme.First, splits: true), "a", atStart: false).ShouldBe(["a"]);
        Pieces(new MetaspaceSplitter('▁', PrependScheme.Never, splits: true), "a b").ShouldBe(["a", "▁b"]);
    }

    [Fact]
    public void Words_and_punctuation_are_cut_as_named()
    {
        Pieces(new WhiteSpaceSplitter(isolatesPunctuation: true), " a-b\u3000c。").ShouldBe(["a", "-", "b", "c", "。"]);
        Pieces(new WhiteSpaceSplitter(isolatesPunctuation: false), " a-b\tc ").ShouldBe(["a-b", "c"]);
        Pieces(new BehaviorSplitter(new WordMatcher(), SplitBehavior.Removed, invert: true), "it's 3.5_x  …").ShouldBe(["it", "'", "s", "3", ".", "5_x", "…"]);
    }

    private static List<string> Pieces(Splitter splitter, string text, bool atStart = true) => Pieces([splitter], text, atStart);

    private static List<string> Pieces(Splitter[] splitters, string text, bool atStart = true)
    {
        var collector = new Collector();
        new Stages(splitters, collector, []).Take(text, atStart);
        return collector.Pieces;
    }

    private sealed class Collector : TokenModel
    {
        public List<string> Pieces { get; } = [];

        public override void Encode(ReadOnlySpan<char> piece, List<int> ids) => Pieces.Add(piece.ToString());
    }
}
