using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Statistics;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// DeepConf: thoughts whose confidence sank for a while do not count. Online, some are drawn to their ends first, and set the threshold: later ones
/// are stopped as soon as a group of their tokens falls below it, and none are begun once the votes agree. Offline, all are drawn and then filtered.
/// Those that are left vote with their lowest group confidence. Fu et al., arXiv 2508.15260.
/// </summary>
/// <param name="options">Its options.</param>
public sealed class DeepConf(DeepConfOptions options) : IStrategy
{
    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "deepconf", "Stops samples whose confidence sinks, and weighs the others' votes by it.", "Fu et al., arXiv 2508.15260",
        "up to N answers, many of them cut short",
        [
            StrategyOption.Samples(32),
            StrategyOption.OneOf("mode", "online", "Stops samples as they go, or filters whole ones.", "online", "offline"),
            StrategyOption.Whole("warm-up", 16, "Samples that set the threshold."),
            StrategyOption.OneOf("keep", "high", "Keeps the most confident 90 % (high) or 10 % (low).", "high", "low"),
            StrategyOption.Whole("window", 2048, "Tokens of a group; less for short answers."),
            StrategyOption.Whole("round", 4, "Samples between two looks at the votes."),
            StrategyOption.Number("consensus", 0.95, "Part of the votes that ends it.", 0, 1),
        ],
        values => new DeepConf(new DeepConfOptions
        {
            Samples = values.Whole("samples"),
            Online = values.Name("mode") == "online",
            WarmUp = values.Whole("warm-up"),
            Keep = values.Name("keep") == "high" ? 0.9 : 0.1,
            Window = values.Whole("window"),
            Round = values.Whole("round"),
            Consensus = values.Number("consensus"),
        }));

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => PolicyFeatures.LogProbabilities | (options.Online ? PolicyFeatures.Branches : PolicyFeatures.None);

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        int first = options.Online ? Math.Min(options.WarmUp, options.Samples) : options.Samples;
        var whole = (await session.SampleAsync(first).ConfigureAwait(false)).ToList();
        if (whole.Count == 0)
            return Choice.None;
        int window = Window(whole, session);
        var confidence = whole.ToDictionary(thought => thought, thought => GroupConfidence.Of(thought.Tokens(), window));
        if (confidence.Values.Any(double.IsNaN))
        {
            session.Note("The policy told no confidence of its tokens: every sample counts once.");
            return Choice.ByMajority(whole, session.Problem.Answers);
        }
        double threshold = Quantile.Of(confidence.Values, 1 - options.Keep);

        int drawn = first;
        var choice = Vote(confidence, threshold, session);
        while (drawn < options.Samples && !(choice.Confidence >= options.Consensus) && session.CanDraw && session.SamplesLeft > 0)
        {
            int count = Math.Min(options.Round, options.Samples - drawn);
            drawn += count;
            foreach (var (thought, watch) in await ExtendAsync(session, count, window, threshold).ConfigureAwait(false))
                confidence[thought] = watch.Lowest;
            choice = Vote(confidence, threshold, session);
        }
        return choice;
    }

    // Draws thoughts that are left off as soon as their confidence sinks; those are given up.
    private static async Task<Dictionary<Thought, GroupConfidence>> ExtendAsync(SolveSession session, int count, int window, double threshold)
    {
        var watches = session.Fork(session.Root, count).ToDictionary(thought => thought, _ => new GroupConfidence(window));
        await session.ExtendAsync(
            [.. watches.Keys], new ExtendOptions { Until = (thought, token) => watches[thought].Add(token, threshold) }).ConfigureAwait(false);
        session.Reject(watches.Keys.Where(thought => thought.IsOpen));
        return watches;
    }

    // Below the threshold nobody votes, unless nobody else has an answer.
    private static Choice Vote(Dictionary<Thought, double> confidence, double threshold, SolveSession session)
    {
        Thought[] voters = [.. confidence.Keys.Where(thought => thought.Answer is not null).OrderBy(thought => thought.Number)];
        Thought[] confident = [.. voters.Where(thought => confidence[thought] >= threshold)];
        return Choice.ByWeightedVote(confident.Length > 0 ? confident : voters, session.Problem.Answers, thought => confidence[thought]);
    }

    // A group as long as the answers themselves has no lowest place. Where the typical answer does not fill one, a quarter of it is a group.
    private int Window(List<Thought> thoughts, SolveSession session)
    {
        double typical = Quantile.Of(thoughts.Select(thought => (double)thought.GeneratedTokens), 0.5);
        if (typical >= options.Window)
            return options.Window;
        int window = Math.Max(1, (int)(typical / 4));
        session.Note($"Answers are shorter than deepconf's window of {options.Window} tokens; it is {window} here.");
        return window;
    }
}
