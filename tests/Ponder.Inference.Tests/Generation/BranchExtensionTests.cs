using Ponder.Inference.Branches;
using Ponder.Inference.Generation;
using Ponder.Inference.Sampling;

namespace Ponder.Inference.Tests.Generation;

public sealed class BranchExtensionTests
{
    private const string Prompt = "Make 84 from 13 24 36 37:\n";

    [Fact]
    public async Task A_caller_sees_each_token_with_its_draw_and_may_end_its_own_branch()
    {
        using var engine = PuzzleModels.LoadPolicy();
        using var root = engine.CreateBranch(Prompt);
        using Branch first = root.Fork(1), second = root.Fork(2);
        var options = new GenerationOptions { LogProbabilities = true, MaxTokens = 12, IgnoreEnd = true };
        var seen = new List<GeneratedToken>();
        var both = await Task.WhenAll(engine.ExtendAsync(
        [
            new BranchExtension(first, options)
            {
                OnToken = token =>
                {
                    seen.Add(token);
                    return seen.Count == 5;
                },
            },
            new BranchExtension(second, options with { MaxTokens = 7 }),
        ]));

        both[0].Finish.ShouldBe(FinishReason.Callback);
        both[0].Ids.ShouldBe(seen.Select(token => token.Id));
        both[0].Ids.Count.ShouldBe(5);
        seen.ShouldAllBe(token => token.LogProbability <= 0);
        both[1].Finish.ShouldBe(FinishReason.Length);
        both[1].Ids.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData(true, "", "€!")]
    [InlineData(false, "\uFFFD", "\uFFFD!")]
    public async Task A_character_that_an_extension_leaves_unfinished_belongs_to_the_next(bool mayGoOn, string first, string rest)
    {
        using var engine = PuzzleModels.LoadPolicy();
        int[] ids = engine.Tokenizer.Encode("€!");
        ids.Length.ShouldBe(4, "three bytes, and a character");
        using var branch = engine.CreateBranch(Prompt);
        (await DrawAsync(branch, ids[0])).ShouldBe(first);
        using var fork = branch.Fork();
        foreach (var each in (Branch[])[branch, fork])
            string.Concat(await DrawAsync(each, ids[1]), await DrawAsync(each, ids[2]), await DrawAsync(each, ids[3])).ShouldEndWith(rest);

        async Task<string> DrawAsync(Branch from, int id)
        {
            var sampling = new SamplingOptions { LogitBias = new Dictionary<int, double> { [id] = 100 } };
            var drawn = await from.ExtendAsync(new GenerationOptions { Sampling = sampling, MaxTokens = 1, IgnoreEnd = true, MayGoOn = mayGoOn });
            drawn.Ids.ShouldBe([id]);
            return drawn.Text;
        }
    }

    [Fact]
    public async Task What_a_rule_might_have_cut_off_is_in_the_text_when_a_caller_ends_it()
    {
        using var engine = PuzzleModels.LoadPolicy();
        using var branch = engine.CreateBranch(Prompt);
        using var same = engine.CreateBranch(Prompt);
        var plain = await branch.ExtendAsync(new GenerationOptions { MaxTokens = 3 });
        var options = new GenerationOptions { Stop = [plain.Text[1..] + "never"] };
        int tokens = 0;

        var held = await engine.ExtendAsync([new BranchExtension(same, options) { OnToken = _ => ++tokens == 3 }])[0];

        held.Text.ShouldBe(plain.Text);
        held.Finish.ShouldBe(FinishReason.Callback);
    }

    [Fact]
    public async Task What_a_caller_throws_ends_its_own_branch_alone()
    {
        using var engine = PuzzleModels.LoadPolicy();
        using var root = engine.CreateBranch(Prompt);
        using Branch first = root.Fork(1), second = root.Fork(2);
        var options = new GenerationOptions { MaxTokens = 6, IgnoreEnd = true };

        var tasks = engine.ExtendAsync(
        [
            new BranchExtension(first, options) { OnToken = _ => throw new InvalidOperationException("mine") },
            new BranchExtension(second, options),
        ]);

        (await tasks[0].ShouldThrowAsync<InvalidOperationException>()).Message.ShouldBe("mine");
        (await tasks[1]).Ids.Count.ShouldBe(6);
    }

    [Fact]
    public async Task Branches_with_nothing_in_common_may_count_together()
    {
        using var engine = PuzzleModels.LoadPolicy();
        using var first = engine.CreateBranch(Prompt);
        using var second = engine.CreateBranch("Make 24 from 3 7 8 12:\n", new BranchOptions { CountWith = first });

        await Task.WhenAll(engine.ExtendAsync([first, second], new GenerationOptions { MaxTokens = 4, IgnoreEnd = true }));

        first.Usage.GeneratedTokens.ShouldBe(8);
        first.Usage.ShouldBe(second.Usage);
        first.Usage.Steps.ShouldBe(engine.Statistics.Steps);
        first.Usage.PeakKvTokens.ShouldBe(4 * 16);
    }
}
