using Ponder.Models.Loading;
using Ponder.Reasoning.Rewards;
using Ponder.Reasoning.Solving;

namespace Ponder.Reasoning.Tests.Rewards;

public sealed class StepReadingTests : IDisposable
{
    private readonly ModelPackage _model = ModelPackage.Open(EmbeddedModels.Reward);

    public void Dispose() => _model.Dispose();

    [Theory]
    [InlineData("ab\ncd\n", "\n", new[] { 3, 6 })]
    [InlineData("ab\ncd", "\n", new[] { 3, 5 })]                // the last line has not ended
    [InlineData("ab\n\n\ncd\n", "\n", new[] { 3, 8 })]          // blank lines are no steps
    [InlineData("ab\ncd\n\nef", "\n\n", new[] { 7, 9 })]
    [InlineData("ab\ncd\n", "", new[] { 6 })]
    [InlineData("", "\n", new[] { 0 })]
    [InlineData("\n \n", "\n", new[] { 0 })]
    public void Rewards_are_read_where_steps_end(string text, string mark, int[] places)
    {
        int[] ids = [5, .. text.Select(letter => (int)letter)];
        var reading = StepReading.Of(_model.Tokenizer, ids, 1, text.Length, mark, []);
        reading.Ids.ShouldBe(ids[..(places[^1] + 1)]);
        reading.Places.ShouldBe(places);
    }

    [Fact]
    public void An_end_token_is_read_by_whoever_reads_whole_texts()
    {
        int end = _model.Tokenizer.Special.Eos!.Value;
        StepReading.Of(_model.Tokenizer, [5, 'a', '\n', end], 1, 2, "\n", []).Places.ShouldBe([2]);
        StepReading.Of(_model.Tokenizer, [5, 'a', '\n', end], 1, 2, "", []).Places.ShouldBe([3]);
        StepReading.Of(_model.Tokenizer, [5, 'a', end], 1, 1, "\n", []).Places.ShouldBe([1]);
    }

    [Fact]
    public void Tokens_that_spelt_a_stop_text_are_left_out()
    {
        var reading = StepReading.Of(_model.Tokenizer, [5, 'a', 'b', 'X', 'Y'], 1, 2, "\n", []);
        reading.Ids.ShouldBe([5, 'a', 'b']);
        reading.Places.ShouldBe([2]);
    }

    [Fact]
    public void A_tag_is_put_behind_every_step_and_read_at_its_last_token()
    {
        var reading = StepReading.Of(_model.Tokenizer, [5, 'a', '\n', 'b'], 1, 3, "\n", ['<', '>']);
        reading.Ids.ShouldBe([5, 'a', '\n', '<', '>', 'b', '<', '>']);
        reading.Places.ShouldBe([4, 7]);
    }
}
