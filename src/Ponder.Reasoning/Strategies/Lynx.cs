using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Probes;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Strategies;

/// <summary>
/// LYNX: wherever a thought hesitates, a probe of the policy's hidden states says whether it would be right to answer now. It answers as soon as the conformal
/// prediction set of the probe is exactly {right}, and else goes on. arXiv 2512.05325.
/// </summary>
/// <param name="probe">Trained on this policy.</param>
/// <param name="delta">The chance that the prediction set misses the truth, 0 to 1, exclusive.</param>
/// <param name="samples">Thoughts side by side, at least 1; the answer that most of them come to wins.</param>
/// <param name="cues">Texts behind which the probe is asked, in small letters.</param>
/// <param name="ending">What makes a thought answer.</param>
public sealed class Lynx(Probe probe, double delta = 0.1, int samples = 1, IReadOnlyList<string>? cues = null, string ending = ForcedExit.DefaultEnding) : IStrategy
{

    private readonly IReadOnlyList<string> _cues = cues ?? Cues.Words;

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "lynx", "Answers as soon as a probe of the hidden states is sure that the answer would be right.", "LYNX, arXiv 2512.05325",
        "up to N answers, and up to 64 tokens each to put the answer",
        [
            StrategyOption.Text("probe", "", "The file of a probe that was trained on the model."),
            StrategyOption.Number("delta", 0.1, "The chance that the probe's prediction set misses the truth.", 0.0001, 0.9999),
            StrategyOption.Samples(1),
            StrategyOption.OneOf("cues", "words", "Where the probe is asked: at words of hesitation, or at line ends.", "words", "lines"),
            StrategyOption.Text("ending", ForcedExit.DefaultEnding, "The text that makes a thought answer."),
        ],
        values => new Lynx(
            ProbeFile.Load(values.Text("probe")), values.Number("delta"), values.Whole("samples"), Cues.Named(values.Name("cues")),
            values.Text("ending")))
    {
        Needs = PolicyFeatures.Branches | PolicyFeatures.HiddenStates,
    };

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => Row.Needs;

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        probe.DemandModel(session.Policy.Name);
        var thoughts = session.Fork(session.Root, samples);
        var finders = thoughts.ToDictionary(thought => thought, _ => new Cues(_cues));
        var thinking = thoughts.ToList();
        while (thinking.Count > 0 && session.CanDraw)
        {
            await session.ExtendAsync(thinking, new ExtendOptions { Until = (thought, token) => finders[thought].Ends(token.Text) }).ConfigureAwait(false);
            thinking.RemoveAll(thought => !thought.IsOpen);
            bool[] isSure = await Task.WhenAll(thinking.Select(thought => IsSureAsync(session, thought))).ConfigureAwait(false);
            Thought[] done = [.. thinking.Where((_, i) => isSure[i])];
            if (done.Length == 0)
                continue;
            await ForcedExit.AnswerAsync(session, done, ending).ConfigureAwait(false);
            thinking.RemoveAll(done.Contains);
        }
        return Choice.ByMajority(thoughts, session.Problem.Answers);
    }

    private async Task<bool> IsSureAsync(SolveSession session, Thought thought)
    {
        double probability = probe.Of(await session.HiddenStatesAsync(thought, probe.Layers).ConfigureAwait(false));
        thought.Reward = probability;
        return probe.SetOf(probability, delta) is (true, false);
    }
}
