using System.Text.Json;
using Ponder.Numerics;
using Ponder.Reasoning.Strategies;

namespace Ponder.Reasoning.Layers;

/// <summary>Reads the JSON of a plan.</summary>
/// <param name="source">What messages call it.</param>
/// <param name="folder">Where files that it names lie.</param>
internal sealed class PlanReader(string source, string folder)
{
    private static readonly string[] FileFields = ["name", "layers", "plans"], PlanFields = ["name", "layers"], LayerFields = ["parts"];

    private readonly Dictionary<string, JsonElement> _plans = new(StringComparer.Ordinal);

    /// <summary>Whether an option's value is a text in JSON; else it is a number.</summary>
    public static bool IsText(StrategyOption option) => option.IsText || option.Names.Count > 0;

    /// <summary>Reads the plan of a file.</summary>
    /// <exception cref="LayerException">It is no plan.</exception>
    public LayerPlan Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            DemandFields(root, source, FileFields);
            if (root.TryGetProperty("plans", out var plans))
            {
                Demand(plans.ValueKind == JsonValueKind.Object, source, "'plans' must be an object with a plan for each name");
                foreach (var plan in plans.EnumerateObject())
                {
                    DemandFields(plan.Value, Named(plan.Name), PlanFields);
                    _plans.Add(plan.Name, plan.Value);
                }
            }
            return ReadPlan(root, source);
        }
        catch (JsonException error)
        {
            throw new LayerException($"{source}: it is no JSON: {error.Message}", error);
        }
    }

    private LayerPlan ReadPlan(JsonElement plan, string place)
    {
        var layers = new List<PlanLayer>();
        foreach (var layer in ListOf(plan, "layers", place))
        {
            string within = $"{place}: layer {layers.Count + 1}";
            DemandFields(layer, within, LayerFields);
            var parts = new List<PlanPart>();
            foreach (var part in ListOf(layer, "parts", within))
            {
                Count(within);
                parts.Add(ReadPart(part, $"{within}, part {parts.Count + 1}"));
            }
            layers.Add(new PlanLayer(parts));
        }
        return new LayerPlan(layers) { Source = place, Name = TextOf(plan, "name", place) };
    }

    private PlanPart ReadPart(JsonElement part, string place)
    {
        Demand(part.ValueKind == JsonValueKind.Object, place, "it must be an object with a 'type'");
        string type = TextOf(part, "type", place) ?? throw new LayerException($"{place}: it has no 'type'.");
        PartRow row;
        try
        {
            row = PartTable.Require(type);
        }
        catch (LayerException error)
        {
            throw new LayerException($"{place}: {error.Message}", error);
        }
        place = $"{place} ({type})";
        return type == PartTable.Plan ? ReadNested(part, place) : new PlanPart(type, ReadOptions(part, row, place));
    }

    private static Dictionary<string, string> ReadOptions(JsonElement part, PartRow row, string place)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in part.EnumerateObject().Where(field => field.Name != "type"))
        {
            StrategyOption option;
            try
            {
                option = PartValues.OptionOf(row, field.Name);
            }
            catch (LayerException error)
            {
                throw new LayerException($"{place}: {error.Message}", error);
            }
            bool isText = IsText(option);
            Demand(field.Value.ValueKind == (isText ? JsonValueKind.String : JsonValueKind.Number), place, $"'{field.Name}' must be a {(isText ? "text" : "number")}");
            options.Add(field.Name, isText ? field.Value.GetString()! : field.Value.GetRawText());
        }
        return options;
    }

    private PlanPart ReadNested(JsonElement part, string place)
    {
        DemandFields(part, place, ["type", "plan", .. PlanFields]);
        bool isOwn = part.TryGetProperty("layers", out _);
        string? name = TextOf(part, "plan", place);
        Demand(isOwn == name is null, place, "it must have either a 'plan', which names one, or 'layers' of its own");
        Demand(isOwn || !part.TryGetProperty("name", out _), place, "a 'name' goes with 'layers' of its own");
        try
        {
            return new PlanPart(PartTable.Plan, new Dictionary<string, string>()) { Plan = isOwn ? ReadPlan(part, place) : Resolve(name!) };
        }
        catch (LayerException error) when (!isOwn)
        {
            throw new LayerException($"{place}: {error.Message}", error);
        }
    }

    private LayerPlan Resolve(string name)
    {
        if (_plans.TryGetValue(name, out var plan))
        {
            using (PlanChain.Enter(Named(name), name))
                return ReadPlan(plan, Named(name));
        }
        Demand(name.Length > 0, "'plan'", "it names nothing");
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
        {
            string nearest = _plans.Count == 0 ? "" : "; " + NearestName.Suggest(name, _plans.Keys).TrimEnd('.', '?');
            throw new LayerException($"there is no plan '{name}', neither under 'plans' nor as the file {path}{nearest}.");
        }
        using (PlanChain.Enter(Path.GetFullPath(path), path))
            return LayerFile.Read(path);
    }

    private string Named(string name) => $"{source}, plan '{name}'";

    private static void Count(string place)
    {
        try
        {
            PlanChain.AddPart();
        }
        catch (LayerException error)
        {
            throw new LayerException($"{place}: {error.Message}", error);
        }
    }

    private static JsonElement.ArrayEnumerator ListOf(JsonElement within, string field, string place)
    {
        bool isThere = within.TryGetProperty(field, out var list);
        Demand(isThere, place, $"it has no '{field}'");
        Demand(list.ValueKind == JsonValueKind.Array, place, $"'{field}' must be a list");
        Demand(list.GetArrayLength() > 0, place, $"its '{field}' are none; at least one is wanted");
        return list.EnumerateArray();
    }

    private static string? TextOf(JsonElement within, string field, string place)
    {
        if (!within.TryGetProperty(field, out var value))
            return null;
        Demand(value.ValueKind == JsonValueKind.String, place, $"'{field}' must be a text");
        return value.GetString();
    }

    private static void DemandFields(JsonElement value, string place, string[] known)
    {
        Demand(value.ValueKind == JsonValueKind.Object, place, $"it must be an object with {string.Join(", ", known.Select(field => $"'{field}'"))}");
        foreach (var field in value.EnumerateObject())
            Demand(known.Contains(field.Name), place, $"there is no field '{field.Name}' here; {NearestName.Suggest(field.Name, known).TrimEnd('.')}", ends: true);
    }

    private static void Demand(bool holds, string place, string why, bool ends = false)
    {
        if (!holds)
            throw new LayerException($"{place}: {why}{(ends && why.EndsWith('?') ? "" : ".")}");
    }
}
