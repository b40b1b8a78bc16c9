using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ponder.Models.Tokenizers;
using Ponder.TestSupport;

namespace Ponder.Models.Tests.Tokenizers;

public class RoundTripTests
{
    // Any UTF-16 at all, lone surrogates included.
    private static readonly Arbitrary<string> Texts = Arb.From(Gen.Frequency(
        (4, Gen.Elements("hello", " ", "\n", "12", "é", "日本", "🚀", "👩‍🚀", "''ll", "\uD83D", "\uDE80", "e\u0301")),
        (1, Gen.Choose(0, 0xFFFF).Select(c => ((char)c).ToString()))).ArrayOf().Select(string.Concat));

    private static readonly Tokenizer Policy = TokenizerFactory.FromFolder(Path.Combine(SharedData.Repository, "models", "puzzles", "policy"));

    // What UTF-8 can carry: half a surrogate pair becomes U+FFFD.
    private static string AsUtf8(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Byte_level_tokens_give_the_text_back() =>
        Prop.ForAll(Texts, text => Policy.Decode(Policy.Encode(text)) == AsUtf8(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(30));

    [Fact]
    public void A_stream_gives_the_same_text_in_whole_characters()
    {
        var tokenizer = TinyFiles.Load(TinyFiles.SentencePiece());
        Prop.ForAll(Texts, text =>
        {
            int[] ids = tokenizer.Encode(text);
            var decoder = tokenizer.CreateDecoder();
            string[] parts = [.. ids.Select(decoder.Add), decoder.Flush()];
            // SentencePiece writes a space as U+2581, so that character itself comes back as a space.
            return string.Concat(parts) == AsUtf8(text).Replace('\u2581', ' ') && parts.All(part => part.Length == 0 || (!char.IsLowSurrogate(part[0]) && !char.IsHighSurrogate(part[^1])));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithEndSize(30));
    }

    [Fact]
    public void Long_words_merge_as_short_ones_do()
    {
        // The heap takes over where a word is long; a run of a word that merges alone is the same tokens again and again.
        var tokenizer = TinyFiles.Load(TinyFiles.ByteLevel());
        int hello = tokenizer.IdOf("hello")!.Value;
        tokenizer.Encode(string.Concat(Enumerable.Repeat("hello", 20_000))).ShouldBe(Enumerable.Repeat(hello, 20_000));
    }

    [Fact]
    public void A_megabyte_without_spaces_does_not_take_quadratic_time()
    {
        var random = new Random(2);
        string word = string.Create(1_000_000, random, (characters, random) =>
        {
            foreach (ref char c in characters)
                c = (char)('a' + random.Next(26));
        });
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Policy.Encode(word).Length.ShouldBeInRange(1, word.Length);
        string pieces = "un" + new string('s', 1_000_000);
        TinyFiles.Load(TinyFiles.WordPiece().Replace("20", "2000000", StringComparison.Ordinal)).Encode(pieces).Length.ShouldBe(1_000_001);
        TinyFiles.Load(TinyFiles.Unigram()).Encode(word).Length.ShouldBeGreaterThan(1);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));     // a tenth of this on a slow machine; the square would be hours
    }

    [Fact]
    public void Heap_and_scan_agree()
    {
        var merges = new Ponder.Models.Tokenizers.Models.MergeTable(8);
        var random = new Random(5);
        for (int rank = 0; rank < 60; rank++)
            merges.TryAdd(random.Next(12), random.Next(12), rank / 2, random.Next(12));
        var merger = new Ponder.Models.Tokenizers.Models.BpeMerger(merges);
        Prop.ForAll(Arb.From(Gen.Choose(0, 11).ArrayOf().Where(ids => ids.Length > 0)), ids =>
        {
            int[] expected = Naive([.. ids], merges);
            int[] actual = [.. ids];
            return actual.AsSpan(0, merger.Merge(actual)).SequenceEqual(expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(200));
    }

    [Fact]
    public void Threads_share_a_tokenizer()
    {
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"Make {i % 100} from {i} {i * 7 % 99}:\nhello {i % 13} wörld")];
        int[][] expected = [.. texts.Select(text => Policy.Encode(text))];
        var fresh = TokenizerFactory.FromFolder(Path.Combine(SharedData.Repository, "models", "puzzles", "policy"));
        Parallel.For(0, 4000, i => fresh.Encode(texts[i % 400]).ShouldBe(expected[i % 400]));
    }

    private static int[] Naive(List<int> ids, Ponder.Models.Tokenizers.Models.MergeTable merges)
    {
        while (true)
        {
            (int At, int Rank, int Merged) best = (-1, int.MaxValue, 0);
            for (int i = 0; i + 1 < ids.Count; i++)
            {
                if (merges.TryGet(ids[i], ids[i + 1], out int rank, out int merged) && rank < best.Rank)
                    best = (i, rank, merged);
            }
            if (best.At < 0)
                return [.. ids];
            ids[best.At] = best.Merged;
            ids.RemoveAt(best.At + 1);
        }
    }
}
