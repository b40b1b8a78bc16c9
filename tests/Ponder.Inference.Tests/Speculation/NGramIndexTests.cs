using FsCheck;
using FsCheck.Fluent;
using Ponder.Inference.Speculation;

namespace Ponder.Inference.Tests.Speculation;

public sealed class NGramIndexTests
{
    [Fact]
    public void Drafts_are_what_followed_the_longest_earlier_match()
    {
        // Texts of few tokens, so that matches abound, and not so long that a chain has more candidates than are tried.
        var cases =
            from minMatch in Gen.Choose(1, 4)
            from kinds in Gen.Choose(2, 50)
            from tokens in Gen.Choose(0, kinds).ArrayOf()
            select (MinMatch: minMatch, Tokens: tokens.Length > 17 ? tokens[..17] : tokens);
        Prop.ForAll(cases.ToArbitrary(), example =>
        {
            var index = new NGramIndex(example.MinMatch, 1);
            foreach (int token in example.Tokens)
                index.Add(token);
            int[] drafts = new int[6];
            int proposed = index.Propose(drafts);
            drafts[..proposed].ShouldBe(Search(example.Tokens, example.MinMatch, drafts.Length));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void A_longer_match_goes_before_a_newer_one()
    {
        var index = Index(2, 1, 2, 3, 7, 9, 2, 3, 8, 1, 2, 3);
        int[] drafts = new int[3];
        index.Propose(drafts).ShouldBe(3);
        drafts.ShouldBe([7, 9, 2]);
    }

    [Fact]
    public void A_repeated_beginning_is_drafted_on_and_on()
    {
        var index = Index(2, 5, 6, 7, 5, 6);
        int[] drafts = new int[8];
        index.Propose(drafts).ShouldBe(8);
        drafts.ShouldBe([7, 5, 6, 7, 5, 6, 7, 5]);
    }

    [Fact]
    public void Nothing_is_drafted_where_nothing_stood_before()
    {
        int[] drafts = new int[4];
        Index(2).Propose(drafts).ShouldBe(0);
        Index(2, 1).Propose(drafts).ShouldBe(0);
        Index(2, 1, 2, 3, 2, 4).Propose(drafts).ShouldBe(0);
        Index(1, 1, 1).Propose([]).ShouldBe(0);
    }

    [Fact]
    public void A_long_text_of_one_token_costs_no_more_than_another()
    {
        var index = new NGramIndex(3, 1 << 17);
        int[] drafts = new int[16];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1 << 17; i++)
        {
            index.Add(7);
            index.Propose(drafts);
        }
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        drafts.ShouldAllBe(token => token == 7);
    }

    private static NGramIndex Index(int minMatch, params int[] tokens)
    {
        var index = new NGramIndex(minMatch);
        foreach (int token in tokens)
            index.Add(token);
        return index;
    }

    /// <summary>The definition, by looking everywhere.</summary>
    private static int[] Search(int[] tokens, int minMatch, int count)
    {
        int best = -1, longest = minMatch - 1;
        for (int position = tokens.Length - 1; position >= 0; position--)
        {
            int length = 0;
            while (length < position && tokens[position - 1 - length] == tokens[^(1 + length)])
                length++;
            if (length > longest)
                (best, longest) = (position, length);
        }
        if (best < 0)
            return [];
        List<int> text = [.. tokens];
        for (int i = 0; i < count; i++)
            text.Add(text[best + i]);
        return [.. text.Skip(tokens.Length)];
    }
}
