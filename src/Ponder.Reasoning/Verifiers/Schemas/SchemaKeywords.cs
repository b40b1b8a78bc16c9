using System.Text.Json;
using System.Text.RegularExpressions;
using Ponder.Numerics;

namespace Ponder.Reasoning.Verifiers.Schemas;

/// <summary>What the value of a keyword must be.</summary>
internal enum SchemaShape
{
    Note, Any, Types, List, Names, Size, Number, Positive, Flag, Pattern, Schema, Schemas, SchemaOrSchemas, SchemaMap, PatternMap, Reference,
}

/// <summary>
/// The keywords of JSON Schema (drafts 7 and 2020-12) that are checked, and what each must hold. A schema with any other keyword is refused: a
/// keyword passed over would let through what the schema forbids.
/// </summary>
internal static class SchemaKeywords
{
    public const int MaxDepth = 100;

    private static readonly string[] Types = ["null", "boolean", "object", "array", "number", "integer", "string"];

    private static readonly Dictionary<string, SchemaShape> Shapes = new(StringComparer.Ordinal)
    {
        ["$schema"] = SchemaShape.Note,
        ["$comment"] = SchemaShape.Note,
        ["title"] = SchemaShape.Note,
        ["description"] = SchemaShape.Note,
        ["default"] = SchemaShape.Note,
        ["examples"] = SchemaShape.Note,
        ["deprecated"] = SchemaShape.Note,
        ["readOnly"] = SchemaShape.Note,
        ["writeOnly"] = SchemaShape.Note,
        ["type"] = SchemaShape.Types,
        ["enum"] = SchemaShape.List,
        ["const"] = SchemaShape.Any,
        ["required"] = SchemaShape.Names,
        ["minLength"] = SchemaShape.Size,
        ["maxLength"] = SchemaShape.Size,
        ["minItems"] = SchemaShape.Size,
        ["maxItems"] = SchemaShape.Size,
        ["minProperties"] = SchemaShape.Size,
        ["maxProperties"] = SchemaShape.Size,
        ["minimum"] = SchemaShape.Number,
        ["maximum"] = SchemaShape.Number,
        ["exclusiveMinimum"] = SchemaShape.Number,
        ["exclusiveMaximum"] = SchemaShape.Number,
        ["multipleOf"] = SchemaShape.Positive,
        ["uniqueItems"] = SchemaShape.Flag,
        ["pattern"] = SchemaShape.Pattern,
        ["not"] = SchemaShape.Schema,
        ["if"] = SchemaShape.Schema,
        ["then"] = SchemaShape.Schema,
        ["else"] = SchemaShape.Schema,
        ["contains"] = SchemaShape.Schema,
        ["propertyNames"] = SchemaShape.Schema,
        ["additionalProperties"] = SchemaShape.Schema,
        ["additionalItems"] = SchemaShape.Schema,
        ["items"] = SchemaShape.SchemaOrSchemas,
        ["prefixItems"] = SchemaShape.Schemas,
        ["allOf"] = SchemaShape.Schemas,
        ["anyOf"] = SchemaShape.Schemas,
        ["oneOf"] = SchemaShape.Schemas,
        ["properties"] = SchemaShape.SchemaMap,
        ["$defs"] = SchemaShape.SchemaMap,
        ["definitions"] = SchemaShape.SchemaMap,
        ["patternProperties"] = SchemaShape.PatternMap,
        ["$ref"] = SchemaShape.Reference,
    };

    /// <summary>Demands that a schema holds only keywords that are checked, each well formed.</summary>
    /// <exception cref="VerifierException">It does not; names the place.</exception>
    public static void Demand(JsonElement root) => Demand(root, root, "#", 0);

    /// <summary>The schema that a reference such as <c>#/$defs/point</c> points to; null for none.</summary>
    public static JsonElement? Follow(JsonElement root, string reference)
    {
        if (reference == "#")
            return root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal))
            return null;
        var at = root;
        foreach (string part in reference[2..].Split('/'))
        {
            string name = Uri.UnescapeDataString(part).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, out int index) && index >= 0 && index < at.GetArrayLength())
                at = at[index];
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                return null;
        }
        return at;
    }

    private static void Demand(JsonElement schema, JsonElement root, string place, int depth)
    {
        if (depth > MaxDepth)
            throw new VerifierException($"The JSON schema is nested more than {MaxDepth} deep.");
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return;
        Require(schema.ValueKind == JsonValueKind.Object, place, "is not an object, true or false");
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Shapes.TryGetValue(keyword.Name, out var shape))
                throw new VerifierException(
                    $"The JSON schema has the keyword '{keyword.Name}' at {place}, which is not checked here; {NearestName.Suggest(keyword.Name, Shapes.Keys)}");
            Demand(shape, keyword.Value, root, $"{place}/{keyword.Name}", depth + 1);
        }
        Require(
            !schema.TryGetProperty("$ref", out _) || !schema.EnumerateObject().Any(IsDisputed), place,
            "has '$ref' beside other rules, on which the drafts of JSON Schema differ");
        Require(
            !schema.TryGetProperty("prefixItems", out _) || !schema.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array,
            place, "has both 'prefixItems' and a list of 'items'");
    }

    private static bool IsDisputed(JsonProperty keyword) => keyword.Name is not ("$ref" or "$defs" or "definitions") && Shapes[keyword.Name] != SchemaShape.Note;

    private static void Demand(SchemaShape shape, JsonElement value, JsonElement root, string place, int depth)
    {
        var kind = value.ValueKind;
        switch (shape)
        {
            case SchemaShape.Types:
                var names = kind == JsonValueKind.Array ? value.EnumerateArray().ToArray() : [value];
                Require(names.Length > 0 && names.All(IsType), place, $"must be one or more of {string.Join(", ", Types)}");
                break;
            case SchemaShape.List:
                Require(kind == JsonValueKind.Array, place, "must be a list");
                break;
            case SchemaShape.Names:
                Require(kind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind == JsonValueKind.String), place, "must be a list of names");
                break;
            case SchemaShape.Size:
                Require(kind == JsonValueKind.Number && value.TryGetInt32(out int size) && size >= 0, place, "must be a whole number, at least 0");
                break;
            case SchemaShape.Number:
                Require(kind == JsonValueKind.Number && JsonNumber.Read(value) is not null, place, "must be a number of moderate length");
                break;
            case SchemaShape.Positive:
                Require(kind == JsonValueKind.Number && JsonNumber.Read(value) is { } number && number.Numerator > 0, place, "must be a number over 0");
                break;
            case SchemaShape.Flag:
                Require(kind is JsonValueKind.True or JsonValueKind.False, place, "must be true or false");
                break;
            case SchemaShape.Pattern:
                Require(kind == JsonValueKind.String && IsPattern(value.GetString()!), place, "must be a regular expression");
                break;
            case SchemaShape.Reference:
                Require(kind == JsonValueKind.String && Follow(root, value.GetString()!) is not null, place, "must point into this schema, such as '#/$defs/point'");
                // What it points to may lie where no schema is looked for.
                Require(PointsToSchema(value.GetString()!), place, "must point to a part of '$defs', 'definitions' or 'properties'");
                break;
            case SchemaShape.Schema:
            case SchemaShape.SchemaOrSchemas when kind != JsonValueKind.Array:
                Demand(value, root, place, depth);
                break;
            case SchemaShape.Schemas:
            case SchemaShape.SchemaOrSchemas:
                Require(kind == JsonValueKind.Array && value.GetArrayLength() > 0, place, "must be a list of schemas");
                int index = 0;
                foreach (var part in value.EnumerateArray())
                    Demand(part, root, $"{place}/{index++}", depth);
                break;
            case SchemaShape.SchemaMap:
            case SchemaShape.PatternMap:
                Require(kind == JsonValueKind.Object, place, "must be an object of schemas");
                foreach (var part in value.EnumerateObject())
                {
                    Require(shape != SchemaShape.PatternMap || IsPattern(part.Name), $"{place}/{part.Name}", "must be named by a regular expression");
                    Demand(part.Value, root, $"{place}/{part.Name}", depth);
                }
                break;
        }
    }

    // Only there are all values demanded to be schemas; 'default' and 'enum' may hold anything.
    private static bool PointsToSchema(string reference) =>
        reference == "#" || reference.Split('/') is ["#", "$defs" or "definitions" or "properties", _];

    private static bool IsType(JsonElement name) => name.ValueKind == JsonValueKind.String && Types.Contains(name.GetString());

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = SchemaPatterns.Of(pattern);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Require(bool condition, string place, string wrong)
    {
        if (!condition)
            throw new VerifierException($"The JSON schema's {place} {wrong}.");
    }
}

/// <summary>Patterns of a schema, which match anywhere in a text and take linear time: those that need more are refused.</summary>
internal static class SchemaPatterns
{
    public static Regex Of(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException(error.Message, error);
        }
    }
}
