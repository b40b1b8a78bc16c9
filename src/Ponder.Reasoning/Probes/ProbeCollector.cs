using Ponder.Inference.Sampling;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Problems;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Verifiers;

namespace Ponder.Reasoning.Probes;

/// <summary>
/// Draws what probes are trained on, from problems whose truth is known: at every cue of a thought its hidden states, and whether it would be right to
/// answer there, which is tried on a fork (the labels of LYNX, arXiv 2512.05325).
/// </summary>
/// <param name="policy">The policy that the probe will belong to.</param>
/// <param name="settings">How thoughts are drawn; its budget holds for each problem.</param>
public sealed class ProbeCollector(IPolicy policy, SolveSettings settings)
{
    /// <summary>What makes a thought answer where nothing else is said.</summary>
    public const string DefaultEnding = ForcedExit.DefaultEnding;

    /// <summary>Thoughts drawn about each problem, at least 1.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>The layers whose states are features, as in <see cref="SolveSession.HiddenStatesAsync"/>.</summary>
    public required IReadOnlyList<int> Layers { get; init; }

    /// <summary>Texts behind which a thought is looked at, in small letters.</summary>
    public IReadOnlyList<string> CueTexts { get; init; } = Cues.Words;

    /// <summary>What makes a thought answer.</summary>
    public string Ending { get; init; } = DefaultEnding;

    /// <summary>Collects the examples of a problem, thought by thought.</summary>
    /// <param name="problem">A problem with a <see cref="Problem.Grader"/>.</param>
    /// <param name="number">Its number, which its seed is made with.</param>
    /// <param name="stop">Cancels within one step.</param>
    /// <exception cref="ProbeException">Nobody knows the truth about the problem.</exception>
    public async Task<IReadOnlyList<ProbeExample>> CollectAsync(Problem problem, int number, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var grader = problem.Grader ?? throw new ProbeException($"The problem {problem.Id} has no known answer: a probe is trained on labelled problems.");
        var own = settings with { Seed = CounterRandom.Bits(settings.Seed, (ulong)number, 0), Reward = null };
        using var session = new SolveSession(problem, policy, own, PolicyFeatures.Branches | PolicyFeatures.HiddenStates, stop);
        var thoughts = session.Fork(session.Root, Samples);
        var finders = thoughts.ToDictionary(thought => thought, _ => new Cues(CueTexts));
        var found = new List<(Thought Thought, Thought Exit, float[] Features)>();
        var thinking = thoughts.ToList();
        while (thinking.Count > 0 && session.CanDraw)
        {
            await session.ExtendAsync(thinking, new ExtendOptions { Until = (thought, token) => finders[thought].Ends(token.Text) }).ConfigureAwait(false);
            thinking.RemoveAll(thought => !thought.IsOpen);
            float[][] states = await Task.WhenAll(thinking.Select(thought => session.HiddenStatesAsync(thought, Layers))).ConfigureAwait(false);
            Thought[] exits = [.. thinking.Select(thought => session.Fork(thought, 1)[0])];
            await ForcedExit.AnswerAsync(session, exits, Ending).ConfigureAwait(false);
            found.AddRange(thinking.Select((thought, i) => (thought, exits[i], states[i])));
        }
        var examples = new List<ProbeExample>();
        foreach (var (_, exit, features) in found.OrderBy(example => example.Thought.Number).ThenBy(example => example.Exit.Number))
        {
            var verdict = await VerdictGuard.CheckAsync(grader, problem, exit.Text, settings.VerifierTime, stop).ConfigureAwait(false);
            if (verdict.IsCorrect is bool isRight)
                examples.Add(new ProbeExample(features, isRight));
        }
        return examples;
    }
}
