using System.Globalization;

namespace Ponder.Reasoning.Layers;

/// <summary>One choice that makes a plan.</summary>
/// <param name="Name">What is chosen.</param>
/// <param name="Values">What there is to choose, at least one, in an order in which neighbours are alike.</param>
public sealed record Gene(string Name, IReadOnlyList<string> Values);

/// <summary>The plans that are searched: each is a list of choices, one for every gene, by the places of their values.</summary>
/// <param name="genes">The genes.</param>
/// <param name="decode">Makes the plan of a list of choices; different ones may make the same plan.</param>
public sealed class PlanSpace(IReadOnlyList<Gene> genes, Func<IReadOnlyList<int>, LayerPlan> decode)
{
    private const string No = "no", Yes = "yes", Settings = "settings";

    /// <summary>The genes.</summary>
    public IReadOnlyList<Gene> Genes => genes;

    /// <summary>How many lists of choices there are.</summary>
    public double Size => genes.Aggregate(1.0, (size, gene) => size * gene.Values.Count);

    /// <summary>Makes the plan of a list of choices.</summary>
    public LayerPlan Decode(IReadOnlyList<int> choices) => decode(choices);

    /// <summary>
    /// Plans of up to six layers: generate, unit-test, verify, critique, rank, fuse. After Archon's own order and its rules of which may follow which
    /// (arXiv 2409.15254): what nothing comes of, such as a critique that nobody reads, is left out.
    /// </summary>
    /// <param name="has">What there is to judge with.</param>
    /// <param name="samples">Most answers to generate, at least 1; powers of two up to it are tried.</param>
    public static PlanSpace Usual(PlanMeans has, int samples = 32)
    {
        ArgumentNullException.ThrowIfNull(has);
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        string[] ranks = [No, .. has.Reward ? ["reward"] : Array.Empty<string>(), .. has.Words ? ["policy"] : Array.Empty<string>()];
        string[] checks = [No, .. has.Verifier ? ["verifier"] : Array.Empty<string>(), .. has.Words ? ["policy"] : Array.Empty<string>()];
        string[] words = has.Words ? [No, Yes] : [No];
        Gene[] genes =
        [
            new("samples", Powers(samples)),
            new("temperature", ["0.4", Settings, "1", "1.2"]),
            new("unit-test", words),
            new("verify", checks),
            new("critique", words),
            new("rank", ranks),
            new("keep", Powers(Math.Max(1, samples / 2))),
            new("fuse", has.Words ? ["0", "1", "2", "4"] : ["0"]),
        ];
        return new PlanSpace(genes, choices => Decode(genes, choices));
    }

    private static LayerPlan Decode(Gene[] genes, IReadOnlyList<int> choices)
    {
        var chosen = genes.Select((gene, i) => (gene.Name, Value: gene.Values[choices[i]])).ToDictionary(pair => pair.Name, pair => pair.Value);
        int samples = Number("samples"), keep = Number("keep"), fuse = Number("fuse");
        bool tests = chosen["unit-test"] == Yes && samples > 1;
        int left = tests ? samples / 2 : samples;
        bool ranks = chosen["rank"] != No && keep < left;
        bool isRead = fuse > 0 || (ranks && chosen["rank"] == "policy");
        PlanPart?[] parts =
        [
            Part("generate", ("samples", Text(samples)), ("temperature", chosen["temperature"])),
            tests ? Part("unit-test", ("keep", Text(left))) : null,
            chosen["verify"] != No ? Part("verify", ("by", chosen["verify"])) : null,
            chosen["critique"] == Yes && isRead ? Part("critique") : null,
            ranks ? Part("rank", ("keep", Text(keep)), ("by", chosen["rank"])) : null,
            fuse > 0 ? Part("fuse", ("samples", Text(fuse))) : null,
        ];
        return LayerPlan.Of(parts.OfType<PlanPart>());

        int Number(string name) => int.Parse(chosen[name], NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private static PlanPart Part(string type, params IEnumerable<(string Name, string Value)> options) => PlanPart.Of(type, options.Where(option => option.Value != Settings));

    private static string[] Powers(int most) => [.. Enumerable.Range(0, 31).Select(power => 1 << power).TakeWhile(value => value <= most).Select(Text)];

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What there is to judge candidates with.</summary>
/// <param name="Reward">A reward model.</param>
/// <param name="Verifier">A verifier.</param>
/// <param name="Words">A policy that follows requests in words: critiques, fusions, tests, orders.</param>
public sealed record PlanMeans(bool Reward, bool Verifier, bool Words);
