using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ponder.Models.Tokenizers.Normalizing;
using Ponder.Models.Tokenizers.Unicode;

namespace Ponder.Models.Tests.Tokenizers;

public class NormalizationTests
{
    private static readonly Arbitrary<string> Texts = Arb.From(Gen.Frequency(
        (4, Gen.Elements("e\u0301", "a\u0323\u0302", "é", "ﬁ", "각", "\u1100\u1161\u11A8", "\u0958", "ẛ\u0323", "½", "Å", "\u212B", "\U0001D15E", "ǅ", "x", "\u0344")),
        (1, Gen.Choose(1, 0xD7FF).Select(c => ((char)c).ToString())),
        (1, Gen.Choose(0x10000, 0x2FFFF).Select(char.ConvertFromUtf32))).ArrayOf().Select(string.Concat));

    private static string Normalize(string text, NormalizationForm form) => UnicodeNormalization.Normalize(text, form).ToString();

    // Rows of UAX 15 and of NormalizationTest.txt.
    [Theory]
    [InlineData("e\u0301", "é", "e\u0301", "é", "e\u0301")]
    [InlineData("\u212B", "Å", "A\u030A", "Å", "A\u030A")]
    [InlineData("ﬁ", "ﬁ", "ﬁ", "fi", "fi")]
    [InlineData("각", "각", "\u1100\u1161\u11A8", "각", "\u1100\u1161\u11A8")]
    [InlineData("\u1100\u1161\u11A8", "각", "\u1100\u1161\u11A8", "각", "\u1100\u1161\u11A8")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("a\u0302\u0323", "ậ", "a\u0323\u0302", "ậ", "a\u0323\u0302")]
    [InlineData("a\u0305\u0301", "a\u0305\u0301", "a\u0305\u0301", "a\u0305\u0301", "a\u0305\u0301")]
    [InlineData("ẛ\u0323", "ẛ\u0323", "\u017F\u0323\u0307", "ṩ", "s\u0323\u0307")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("\u0385", "\u0385", "\u00A8\u0301", " \u0308\u0301", " \u0308\u0301")]
    [InlineData("½\u3000㌔", "½\u3000㌔", "½\u3000㌔", "1⁄2 キロ", "1⁄2 キロ")]
    public void Forms_are_those_of_the_standard(string text, string nfc, string nfd, string nfkc, string nfkd)
    {
        Normalize(text, NormalizationForm.FormC).ShouldBe(nfc);
        Normalize(text, NormalizationForm.FormD).ShouldBe(nfd);
        Normalize(text, NormalizationForm.FormKC).ShouldBe(nfkc);
        Normalize(text, NormalizationForm.FormKD).ShouldBe(nfkd);
    }

    [Fact]
    public void Forms_agree_with_each_other() => Prop.ForAll(Texts, text =>
    {
        string c = Normalize(text, NormalizationForm.FormC), d = Normalize(text, NormalizationForm.FormD);
        string kc = Normalize(text, NormalizationForm.FormKC), kd = Normalize(text, NormalizationForm.FormKD);
        return Normalize(c, NormalizationForm.FormC) == c && Normalize(d, NormalizationForm.FormD) == d && Normalize(kd, NormalizationForm.FormKD) == kd
            && Normalize(d, NormalizationForm.FormC) == c && Normalize(c, NormalizationForm.FormD) == d
            && Normalize(c, NormalizationForm.FormKC) == kc && Normalize(kc, NormalizationForm.FormKD) == kd;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(20));

    [Fact]
    public void Long_rows_of_marks_take_no_longer_than_sorting()
    {
        string text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 100_000));
        Normalize(text, NormalizationForm.FormC).Length.ShouldBe(text.Length - 1);
    }

    [Fact]
    public void Bert_cleans_spaces_and_strips()
    {
        Run(new BertNormalizer(true, true, true, true), "\u0000Ça\tva İ中\u200B\uFFFD").ShouldBe("ca va i 中 ");
        Run(new BertNormalizer(true, false, false, false), "Ça\u00A0中").ShouldBe("Ça 中");
    }

    [Fact]
    public void Small_steps_do_what_they_say()
    {
        Run(new LowercaseNormalizer(), "ÀΣİ").ShouldBe("àσi\u0307");
        Run(new StripAccentsNormalizer(), "e\u0301é").ShouldBe("eé");
        Run(new StripNormalizer(left: true, right: false), " a ").ShouldBe("a ");
        Run(new PrependNormalizer("▁"), "").ShouldBe("");
        Run(new ExtraSpaceNormalizer(), "  a   b ").ShouldBe("a b");
        Run(new CharsMapNormalizer(Convert.FromBase64String(TinyFiles.CharsMap('A', "é"))), "AbA日\uD800").ShouldBe("ébé日\uFFFD");
    }

    private static string Run(Normalizer normalizer, string text) => normalizer.Normalize(text).ToString();
}
