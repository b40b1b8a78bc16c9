using Ponder.Inference.Generation;
using Ponder.Models.Tokenizers;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// Budget forcing: one thought, made as long as it should be. An end that comes too soon is dropped and "Wait" put in its place; at most so many tokens
/// later the end of thinking and "Final Answer:" are put behind it, and the answer is drawn. s1: Muennighoff et al., arXiv 2501.19393.
/// </summary>
/// <param name="maxThinking">Most tokens of thinking, at least 1; fewer where session or budget hold fewer, and room for an answer is left then.</param>
/// <param name="minTokens">Fewest tokens of thinking; ends that come sooner are dropped.</param>
/// <param name="waits">Ends that are dropped whenever they come; the paper tries 1, 2, 4 and 6.</param>
/// <param name="answerTokens">Room for the answer: what is left of session and budget when thinking is cut, but never more than half of them.</param>
/// <param name="texts">What is put behind thoughts; null for <see cref="ThinkingTexts.Tags"/>.</param>
public sealed class BudgetForcing(int maxThinking = 32_000, int minTokens = 0, int waits = 1, int answerTokens = 256, ThinkingTexts? texts = null) : IStrategy
{
    private readonly ThinkingTexts _texts = texts ?? ThinkingTexts.Tags;

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "budget-forcing", "Makes one thought longer with \"Wait\", or ends it with \"Final Answer:\".", "Muennighoff et al., arXiv 2501.19393",
        "1 answer, of as many tokens as are asked for",
        [
            StrategyOption.Whole("max-thinking", 32_000, "Most tokens of thinking."),
            StrategyOption.Whole("min-tokens", 0, "Fewest tokens of thinking.", least: 0),
            StrategyOption.Whole("waits", 1, "Ends that are dropped whenever they come.", least: 0, most: 64),
            StrategyOption.Whole("answer-tokens", 256, "Room that is left for the answer."),
            StrategyOption.OneOf("tags", "think", "What ends thinking: </think>, or nothing but the end of the text.", "think", "none"),
        ],
        values => new BudgetForcing(
            values.Whole("max-thinking"), values.Whole("min-tokens"), values.Whole("waits"), values.Whole("answer-tokens"),
            values.Name("tags") == "think" ? ThinkingTexts.Tags : ThinkingTexts.Plain));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.Branches;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        if (session.Fork(session.Root, 1) is not [var thought])
            return Choice.None;
        int most = MostThinking(session);
        await ThinkAsync(session, thought, most).ConfigureAwait(false);

        bool isCut = thought.IsOpen;                            // at the most that it may think
        if (isCut || (_texts.End is not null && thought.End == ThoughtEnd.Finished))
        {
            session.Append(thought, isCut ? _texts.End + _texts.FinalAnswer : _texts.End!, mayNameTokens: true);
            await session.ExtendAsync([thought], new ExtendOptions { Step = "answer" }).ConfigureAwait(false);
        }
        session.Release(thought);
        return thought.Answer is null ? Choice.None : new Choice(thought, null);
    }

    private async Task ThinkAsync(SolveSession session, Thought thought, int most)
    {
        var options = new ExtendOptions { Step = "think", Hold = true, Stop = _texts.End is string end ? [end] : [], Rules = EndToken(session) };
        int dropped = 0;
        while (thought.IsOpen && thought.GeneratedTokens < most)
        {
            await session.ExtendAsync([thought], options with { MaxTokens = most - thought.GeneratedTokens }).ConfigureAwait(false);
            bool isTooSoon = thought.End == ThoughtEnd.Finished && (dropped < waits || thought.GeneratedTokens < minTokens);
            if (isTooSoon && thought.GeneratedTokens < most)
            {
                session.Append(thought, _texts.Wait);
                dropped++;
            }
        }
    }

    // Where the end of thinking is a control token, no text shows it.
    private IReadOnlyList<StopRule> EndToken(SolveSession session) =>
        _texts.End is string end && session.Policy.Tokenizer?.Encode(end, new EncodeOptions { ParseSpecial = true }) is [int token]
            ? [new StopRule.Token(token)] : [];

    private int MostThinking(SolveSession session)
    {
        long all = Math.Min(session.Settings.MaxTokens, Math.Min(session.TokensLeft, session.SequentialTokensLeft));
        return (int)Math.Min(maxThinking, Math.Max(all - answerTokens, (all + 1) / 2));
    }
}
