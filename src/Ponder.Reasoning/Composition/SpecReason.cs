using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Composition;

/// <summary>
/// SpecReason: a small policy drafts each step of one answer; the large one reads it, gives it a score from 0 to 9 as one token, keeps it if the score is high
/// enough, and else writes the step itself. Steps go from one to the other as text, so that their tokenizers may differ. Pan et al., arXiv 2504.07891.
/// </summary>
/// <param name="options">Its options; null for the defaults.</param>
public sealed class SpecReason(SpecReasonOptions? options = null) : IStrategy
{
    private readonly SpecReasonOptions _options = options ?? new SpecReasonOptions();

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "spec-reason", "A small model drafts the steps of an answer; the large one scores each, and rewrites those that fall short.", "Pan et al., arXiv 2504.07891",
        "1 answer, drafted by the small model, read by the large one and written by it in part", SpecReasonOptions.Rows,
        values => new SpecReason(SpecReasonOptions.Of(values)));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => _options.ByReward ? PolicyFeatures.Branches : PolicyFeatures.Branches | PolicyFeatures.Choices;

    /// <inheritdoc/>
    public bool NeedsReward => _options.ByReward;

    /// <inheritdoc/>
    public bool NeedsDrafter => true;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        var policy = session.Settings.Drafter ?? throw new StrategyException($"The strategy {Name} needs a drafter, and the session has none.");
        if (session.Fork(session.Root, 1) is not [var thought])
            return Choice.None;
        int most = Math.Min(_options.MaxTokens, session.Settings.MaxTokens);
        int length = 0, accepted = 0, refused = 0, written = 0; // tokens; steps
        using var drafter = new Drafter(session, policy);
        while (thought.IsOpen && session.CanDraw && length < most)
        {
            int room = Math.Min(_options.StepTokens, most - length);
            if (accepted + written >= _options.FirstSteps && await drafter.DraftAsync(room).ConfigureAwait(false) is { } draft)
            {
                var read = session.Fork(thought, 1)[0];         // the draft's tokens are computed once: for the score, and for what follows
                session.Append(read, draft.OwnText);
                if (await ScoreAsync(session, read).ConfigureAwait(false) >= _options.Threshold)
                {
                    session.Release(thought);
                    thought = read;
                    length += draft.OwnTokens.Count;
                    accepted++;
                    drafter.Accept(draft);
                    if (draft.End == ThoughtEnd.Finished)
                        session.Conclude(thought);
                    continue;
                }
                session.Reject(read);
                drafter.Refuse(draft);
                refused++;
            }
            int before = thought.OwnText.Length, drawn = thought.OwnTokens.Count;
            await session.ExtendAsync(
                [thought], new ExtendOptions { Delimiter = session.Settings.StepDelimiter, MaxTokens = room, Step = "step", Hold = true }).ConfigureAwait(false);
            written++;
            length += thought.OwnTokens.Count - drawn;
            if (thought.IsOpen)
                drafter.Follow(thought.OwnText[before..]);
        }
        if (thought.IsOpen && length >= most)
            thought.End = ThoughtEnd.Length;
        session.Release(thought);
        session.Note($"Of {accepted + refused} drafted steps {accepted} were kept; {written} were written by {session.Policy.Name}.");
        return thought.Answer is null ? Choice.None : new Choice(thought, null);
    }

    private async Task<double> ScoreAsync(SolveSession session, Thought thought)
    {
        if (_options.ByReward)
        {
            await session.ScoreAsync([thought]).ConfigureAwait(false);
            return 9 * thought.Reward ?? 0;
        }
        double? score = await DigitScore.BehindAsync(session, thought, CompositionPrompts.RateStep, _options.IsExpected).ConfigureAwait(false);
        if (score is null)
            session.Note($"{session.Policy.Name} cannot score steps: no digit is likelier than the others.");
        return score ?? 0;
    }
}
