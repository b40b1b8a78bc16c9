using Ponder.Numerics;
using Ponder.Reasoning.Policies;
using Ponder.Reasoning.Sessions;

namespace Ponder.Reasoning.Layers;

/// <summary>A plan whose parts are made and found to fit together.</summary>
internal sealed class BuiltPlan
{
    private readonly List<ILayerPart[]> _layers = [];

    private BuiltPlan()
    {
    }

    /// <summary>What the policy must be able to do.</summary>
    public PolicyFeatures Needs => Parts.Aggregate(PolicyFeatures.None, (needs, part) => needs | part.Needs);

    /// <summary>Whether the session must have a reward model.</summary>
    public bool NeedsReward => Parts.Any(part => part.NeedsReward);

    /// <summary>Whether the session must have a verifier.</summary>
    public bool NeedsVerifier => Parts.Any(part => part.NeedsVerifier);

    /// <summary>Whether the session must have a drafter.</summary>
    public bool NeedsDrafter => Parts.Any(part => part.NeedsDrafter);

    /// <summary>Whether its first layer needs no candidates to begin with.</summary>
    public bool Generates => _layers[0].All(part => part.Generates);

    /// <summary>Whether a part reads critiques.</summary>
    public bool ReadsCritiques => Parts.Any(part => part.ReadsCritiques);

    /// <summary>Whether it ends with critiques that none of its parts read.</summary>
    public bool EndsUnread { get; private set; }

    /// <summary>How many candidates it gives at most, when all goes well.</summary>
    public int Gives { get; private set; }

    /// <summary>How many candidates each layer gives at most.</summary>
    public IReadOnlyList<int> GivesOfLayers { get; private set; } = [];

    private IEnumerable<ILayerPart> Parts => _layers.SelectMany(layer => layer);

    /// <summary>Makes the parts of a whole plan.</summary>
    /// <exception cref="LayerException">A part is unknown, has a wrong option, or does not fit where it stands.</exception>
    public static BuiltPlan Of(LayerPlan plan)
    {
        var built = Of(plan, arriving: 0);
        return built.EndsUnread
            ? throw new LayerException($"{plan.Source}: no rank or fuse reads the critiques behind the last critique.")
            : built;
    }

    /// <summary>Takes candidates through all layers.</summary>
    public async Task<IReadOnlyList<Candidate>> RunAsync(SolveSession session, IReadOnlyList<Candidate> candidates)
    {
        foreach (var layer in _layers)
        {
            var given = new List<Candidate>();
            foreach (var part in layer)
            {
                if (part.Generates || candidates.Count > 0)
                    given.AddRange(await part.RunAsync(session, candidates).ConfigureAwait(false));
            }
            candidates = Candidate.Join(given);
        }
        return candidates;
    }

    private static BuiltPlan Of(LayerPlan plan, int arriving)
    {
        if (plan.Layers.Count == 0)
            throw new LayerException($"{plan.Source}: it has no layers.");
        var built = new BuiltPlan();
        var gives = new List<int>();
        for (int l = 0; l < plan.Layers.Count; l++)
        {
            var parts = plan.Layers[l].Parts;
            if (parts.Count == 0)
                throw new LayerException($"{plan.Source}: layer {l + 1} has no parts.");
            var layer = new ILayerPart[parts.Count];
            for (int p = 0; p < layer.Length; p++)
                layer[p] = Make(parts[p], arriving, $"{plan.Source}: layer {l + 1}, part {p + 1} ({parts[p].Type})");
            built._layers.Add(layer);
            built.EndsUnread = layer.Any(part => part.Critiques) || (built.EndsUnread && !layer.Any(part => part.ReadsCritiques));
            arriving = (int)Math.Min(layer.Sum(part => (long)part.Gives(arriving)), int.MaxValue / 2);
            gives.Add(arriving);
        }
        (built.Gives, built.GivesOfLayers) = (arriving, gives);
        return built;
    }

    private static ILayerPart Make(PlanPart part, int arriving, string place)
    {
        if (part is { Type: PartTable.Plan, Plan: { } inner })
            return new NestedPart(Of(inner, arriving));         // what is wrong within it is told with its own name
        ILayerPart made;
        try
        {
            var row = PartTable.Require(part.Type);
            var values = new PartValues(row, part.Options);
            made = row.Create is { } create ? create(values) : throw new LayerException("it has no plan.");
        }
        catch (PonderException error)
        {
            throw new LayerException($"{place}: {error.Message}", error);
        }
        if (arriving == 0 && !made.Generates)
            throw new LayerException($"{place}: no candidates come to it; the first layer has to generate them.");
        return made.Objection(arriving) is string objection ? throw new LayerException($"{place}: {objection}.") : made;
    }
}
