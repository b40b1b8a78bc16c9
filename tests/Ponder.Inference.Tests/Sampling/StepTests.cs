using Ponder.Inference.Sampling;
using Ponder.Inference.Sampling.Steps;

namespace Ponder.Inference.Tests.Sampling;

/// <summary>Steps on examples that are worked out by hand.</summary>
public sealed class StepTests
{
    private static readonly LetterTokenizer Letters = new("a", "b", "c", "d", ".\n", "x:", ":y", "stop", "st", "op");

    [Fact]
    public void Repetition_penalty_divides_what_is_positive_and_multiplies_what_is_not_prompt_included() =>
        Penalized(new SamplingOptions { RepetitionPenalty = 2 }, [4, -4, 0, 1], [0, 1, 1, 2], prompt: 3).ShouldBe([2f, -8f, 0f, 1f]);

    [Fact]
    public void Frequency_and_presence_penalty_count_what_was_generated() =>
        Penalized(new SamplingOptions { FrequencyPenalty = 0.5, PresencePenalty = 1 }, [4, -4, 0, 1], [0, 1, 1, 2, 2], prompt: 2)
            .ShouldBe([4f, -5.5f, -2f, 1f]);

    [Fact]
    public void A_window_forgets_what_came_before() =>
        Penalized(new SamplingOptions { RepetitionPenalty = 2, PresencePenalty = 1, PenaltyWindow = 2 }, [4, 4, 4, 4], [0, 1, 2, 3], prompt: 3)
            .ShouldBe([4f, 4f, 2f, 1f]);

    [Theory]
    [InlineData("abcab", "2:0.8")]                              // ab before c
    [InlineData("dabcdab", "2:1.4")]                            // dab: one more than allowed
    [InlineData("abcabdab", "2:0.8 3:0.8")]                     // ab was followed by both
    [InlineData("abcdcabdcab", "2:0.8 3:2.45")]                 // ab before c, dcab before d
    [InlineData("abcb", "")]                                    // b alone is tolerated
    [InlineData("aaaa", "0:1.4")]                               // a repetition may overlap itself
    [InlineData("ab.abcab", "2:0.8")]
    [InlineData("a.bcda.b", "")]                                // not across the breaker
    [InlineData("", "")]
    [InlineData("a", "")]
    public void Dry_punishes_what_would_prolong_a_repetition(string text, string expected)
    {
        int[] history = [.. text.Select(c => c == '.' ? 4 : c - 'a')];
        var options = new SamplingOptions { DryMultiplier = 0.8, DryBase = 1.75 };
        float[] after = Penalized(options, new float[10], history, prompt: 0);
        string.Join(' ', after.Select((l, id) => l == 0 ? null : FormattableString.Invariant($"{id}:{-l:0.0#}")).OfType<string>()).ShouldBe(expected);
    }

    [Fact]
    public void Dry_of_a_long_text_of_one_token_is_finite_and_quick()
    {
        float[] after = Penalized(new SamplingOptions { DryMultiplier = 100, DryBase = 100 }, new float[10], new int[200_000], prompt: 0);
        after[0].ShouldBe(-1e4f);
        after[1..].ShouldAllBe(l => l == 0);
    }

    [Theory]
    [InlineData("\n", ".\n")]
    [InlineData(":", "x: :y")]
    [InlineData("top", "stop")]
    [InlineData("stopd", "d")]                                  // of a text over several tokens, the last
    [InlineData("?", "")]                                       // what the vocabulary cannot write
    public void Tokens_that_hold_a_breaker_break(string breaker, string expected)
    {
        bool[] breaks = SequenceBreakers.Find([breaker], Letters, Letters.VocabularySize);
        string.Join(' ', Enumerable.Range(0, breaks.Length).Where(id => breaks[id]).Select(Letters.NameOf)).ShouldBe(expected);
    }

    [Fact]
    public void Tokens_outside_the_vocabulary_of_the_model_are_passed_over() =>
        Penalized(
            new SamplingOptions { RepetitionPenalty = 2, PresencePenalty = 1, DryMultiplier = 1, DryAllowedLength = 1 }, [2, 2], [9, 1, 9, -5, 9], prompt: 1)
            .ShouldBe([2f, 0f]);

    [Fact]
    public void Mirostat_holds_the_surprise_of_the_text()
    {
        // A Zipf distribution: 3 bits are well below its entropy of 7.4.
        float[] logits = [.. Enumerable.Range(1, 1000).Select(rank => -MathF.Log(rank))];
        var chain = SamplerTests.ChainOf(new SamplingOptions { MirostatTau = 3, Seed = 4 }, logits.Length);
        chain.HasState.ShouldBeTrue();
        var state = chain.NewState();
        state.MirostatBound.ShouldBe(6);
        var sampler = new Sampler();
        double surprise = 0;
        const int draws = 4000;
        for (int i = 0; i < draws; i++)
        {
            var draw = sampler.Next(logits, chain, ref state, [], 0, 0, (ulong)i, details: true);
            surprise -= draw.LogProbability / Math.Log(2);
        }
        (surprise / draws).ShouldBe(3, 0.05);
    }

    [Fact]
    public void A_fork_of_mirostats_state_goes_its_own_way()
    {
        var chain = SamplerTests.ChainOf(new SamplingOptions { MirostatTau = 1 }, 4);
        var state = chain.NewState();
        var fork = state;
        new Sampler().Next([0, 0, 0, 0], chain, ref fork, [], 0, 0, 0, details: false);
        state.ShouldBe(chain.NewState());
        fork.MirostatBound.ShouldBe(2 - 0.1 * (2 - 1), 1e-9);
    }

    [Fact]
    public void Draws_allocate_nothing()
    {
        var options = new SamplingOptions
        {
            Temperature = 0.9,
            TopK = 30,
            TopP = 0.95,
            MinP = 0.01,
            Typical = 0.95,
            TopNSigma = 2,
            MirostatTau = 4,
            RepetitionPenalty = 1.1,
            FrequencyPenalty = 0.1,
            DryMultiplier = 0.8,
            LogitBias = new Dictionary<int, double> { [3] = 1 },
        };
        float[] logits = [.. Enumerable.Range(0, 2000).Select(i => i * 7919 % 2000 / 200f)];
        int[] history = [.. Enumerable.Range(0, 500).Select(i => i % 37)];
        var sampler = new Sampler();
        foreach (var asked in (SamplingOptions[])[options, new SamplingOptions(), SamplingOptions.Greedy, new SamplingOptions { TopP = 0.9 }])
        {
            var chain = SamplerTests.ChainOf(asked, logits.Length);
            var state = chain.NewState();
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 5 && least > 0; attempt++)         // the first makes buffers; when code is compiled anew, the runtime allocates
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                for (ulong i = 0; i < 100; i++)
                    sampler.Next(logits, chain, ref state, history, 9, 0, i, details: true);
                least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            }
            least.ShouldBe(0);
        }
    }

    private static float[] Penalized(SamplingOptions options, float[] logits, int[] history, int prompt)
    {
        var chain = SamplerChain.Create(options, Letters, logits.Length);
        chain.ReadsHistory.ShouldBeTrue();
        float[] after = [.. logits];
        var workspace = new Workspace();
        foreach (var step in chain.LogitSteps)
            step.Apply(after, history, prompt, workspace);
        return after;
    }
}
