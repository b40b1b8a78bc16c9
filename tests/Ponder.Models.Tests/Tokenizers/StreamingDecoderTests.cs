using System.Text;
using Ponder.Models.Tokenizers;

namespace Ponder.Models.Tests.Tokenizers;

public class StreamingDecoderTests
{
    private static string[] Stream(Tokenizer tokenizer, int[] ids, bool continues = false)
    {
        var decoder = tokenizer.CreateDecoder(continues: continues);
        return [.. ids.Select(decoder.Add), decoder.Flush()];
    }

    [Fact]
    public void A_character_comes_out_whole_with_its_last_byte()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel());
        Stream(tokenizer, [.. "a🚀b"u8.ToArray().Select(value => (int)value)]).ShouldBe(["a", "", "", "", "🚀", "b", ""]);
    }

    [Fact]
    public void Bytes_that_are_no_character_become_replacements_at_once_or_at_the_end()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel());
        Stream(tokenizer, [0xF0, 0x9F, 'a', 0xFF, 0xE6, 0x97]).ShouldBe(["", "", "\uFFFDa", "\uFFFD", "", "", "\uFFFD"]);
    }

    [Fact]
    public void Only_the_first_space_of_a_text_is_dropped()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.SentencePiece());
        int[] ids = tokenizer.Encode("ab ab", new EncodeOptions { AddSpecial = true });
        Stream(tokenizer, ids).ShouldBe(["", "ab", " ab", "", ""]);
        Stream(tokenizer, ids, continues: true).ShouldBe(["", " ab", " ab", "", ""]);
    }

    [Fact]
    public void Wordpieces_join()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.WordPiece());
        Stream(tokenizer, tokenizer.Encode("unaffable, cafes")).ShouldBe(["un", "aff", "able", ",", " cafe", "s", ""]);
    }

    [Fact]
    public void Bytes_of_a_token_are_what_it_adds_after_others()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.SentencePiece());
        Encoding.UTF8.GetString(tokenizer.BytesOf(tokenizer.IdOf("▁ab")!.Value).Span).ShouldBe(" ab");
        tokenizer.BytesOf(tokenizer.IdOf("<0xC3>")!.Value).ToArray().ShouldBe([0xC3]);
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.BytesOf(tokenizer.VocabularySize));
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.NameOf(-1));
    }
}
