using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>
/// Takes candidates through the layers of a plan, which generate, rank, criticise, fuse, verify and test them; of several that come out the answer that most
/// agree on wins, of equals the one that the last layer puts first. Saad-Falcon et al., arXiv 2409.15254 (Archon).
/// </summary>
public sealed class LayerStrategy : IStrategy
{
    private readonly BuiltPlan _built;

    /// <summary>Makes the parts of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="LayerException">A part is unknown, has a wrong option, or does not fit where it stands; names plan, layer and part.</exception>
    public LayerStrategy(LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        (Plan, _built) = (plan, BuiltPlan.Of(plan));
    }

    /// <summary>Its row in the table.</summary>
    public static StrategyRow Row { get; } = new(
        "layers", "Takes answers through layers that rank, criticise, fuse, verify and test them, as a file says.", "Saad-Falcon et al., arXiv 2409.15254",
        "what its parts cost: see 'ponder layers'",
        [StrategyOption.Text("file", "", "The file of the layers.")], values => Load(values.Text("file")));

    /// <summary>The plan.</summary>
    public LayerPlan Plan { get; }

    /// <summary>How many candidates each layer gives at most, when all goes well.</summary>
    public IReadOnlyList<int> CandidatesOfLayers => _built.GivesOfLayers;

    /// <inheritdoc/>
    public string Name => Row.Name;

    /// <inheritdoc/>
    public PolicyFeatures Needs => _built.Needs;

    /// <inheritdoc/>
    public bool NeedsReward => _built.NeedsReward;

    /// <inheritdoc/>
    public bool NeedsVerifier => _built.NeedsVerifier;

    /// <inheritdoc/>
    public bool NeedsDrafter => _built.NeedsDrafter;

    /// <summary>Reads a plan and makes its parts.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="LayerException">It cannot be read, is no plan, or its parts do not fit together.</exception>
    public static LayerStrategy Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        // Until its parts are made: the strategies that they name may read plans too, and this one among them.
        using (PlanChain.Enter(Path.GetFullPath(path), path))
            return new LayerStrategy(LayerFile.Read(path));
    }

    /// <inheritdoc/>
    public async Task<Choice> SolveAsync(SolveSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        int before = session.Thoughts.Count;
        var candidates = await _built.RunAsync(session, []).ConfigureAwait(false);
        var choice = candidates is [var one]
            ? Choice.Best([one.Thought], thought => thought.Reward)     // one candidate alone is no vote
            : Choice.ByMajority(candidates.Select(candidate => candidate.Thought), session.Problem.Answers);
        foreach (var answer in session.Thoughts.Skip(before).Where(thought => thought.Parent is not null))
            session.Release(answer);                            // some were held for the reward to read
        return choice.Thought?.Verdict?.IsCorrect == true && session.Verifier?.IsExact == true ? choice with { Confidence = 1 } : choice;
    }
}
