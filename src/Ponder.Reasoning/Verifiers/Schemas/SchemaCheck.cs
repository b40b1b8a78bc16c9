using System.Text.Json;
using Ponder.Reasoning.Puzzles;

namespace Ponder.Reasoning.Verifiers.Schemas;

/// <summary>Holds a value against a schema whose keywords were checked before.</summary>
/// <param name="root">The schema that references start from.</param>
internal sealed class SchemaCheck(JsonElement root)
{
    // Every step into a schema counts: alternatives within alternatives multiply.
    private const int MaxSteps = 1_000_000;

    private int _steps;

    /// <summary>What is wrong with a value, as a place and a sentence; null when nothing is.</summary>
    /// <exception cref="VerifierException">It cannot be told: too deep, too many steps, a number too long.</exception>
    public string? Error(JsonElement value) => Error(root, value, "$", 0);

    private string? Error(JsonElement schema, JsonElement value, string place, int depth)
    {
        if (depth > SchemaKeywords.MaxDepth || ++_steps > MaxSteps)
            throw new VerifierException("The JSON schema takes too long to check, or refers to itself without end.");
        if (schema.ValueKind != JsonValueKind.Object)
            return schema.ValueKind == JsonValueKind.True ? null : $"{place} is not allowed";
        foreach (var keyword in schema.EnumerateObject())
        {
            if (Error(keyword, schema, value, place, depth + 1) is string error)
                return error;
        }
        return null;
    }

    private string? Error(JsonProperty keyword, JsonElement schema, JsonElement value, string place, int depth)
    {
        var rule = keyword.Value;
        bool Fits(JsonElement part) => Error(part, value, place, depth) is null;
        string? Unless(bool holds, string wrong) => holds ? null : $"{place} {wrong}";
        switch (keyword.Name)
        {
            case "$ref":
                return Error(SchemaKeywords.Follow(root, rule.GetString()!)!.Value, value, place, depth);
            case "type":
                bool isListed = rule.ValueKind == JsonValueKind.Array
                    ? rule.EnumerateArray().Any(type => HasType(value, type.GetString()!))
                    : HasType(value, rule.GetString()!);
                return Unless(isListed, $"is not of the type {rule}");
            case "enum":
                return Unless(rule.EnumerateArray().Any(one => AreEqual(one, value)), "is not one of the values listed");
            case "const":
                return Unless(AreEqual(rule, value), "is not the one value allowed");
            case "allOf":
                return rule.EnumerateArray().Select(part => Error(part, value, place, depth)).FirstOrDefault(error => error is not null);
            case "anyOf":
                return Unless(rule.EnumerateArray().Any(Fits), "fits none of the schemas of 'anyOf'");
            case "oneOf":
                int fitting = rule.EnumerateArray().Count(Fits);
                return Unless(fitting == 1, $"fits {fitting} of the schemas of 'oneOf'");
            case "not":
                return Unless(!Fits(rule), "fits the schema of 'not'");
            case "if":
                return schema.TryGetProperty(Fits(rule) ? "then" : "else", out var branch) ? Error(branch, value, place, depth) : null;
        }
        return value.ValueKind switch
        {
            JsonValueKind.Object => OfObject(keyword, schema, value, place, depth),
            JsonValueKind.Array => OfArray(keyword, schema, value, place, depth),
            JsonValueKind.String => OfString(keyword, value.GetString()!, place),
            JsonValueKind.Number => OfNumber(keyword, Exact(value), place),
            _ => null,
        };
    }

    private string? OfObject(JsonProperty keyword, JsonElement schema, JsonElement value, string place, int depth)
    {
        var rule = keyword.Value;
        switch (keyword.Name)
        {
            case "required":
                return rule.EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name => !value.TryGetProperty(name, out _)) is string missing
                    ? $"{place} has no '{missing}'" : null;
            case "minProperties" when value.GetPropertyCount() < rule.GetInt32():
                return $"{place} has fewer than {rule} properties";
            case "maxProperties" when value.GetPropertyCount() > rule.GetInt32():
                return $"{place} has more than {rule} properties";
        }
        foreach (var part in value.EnumerateObject())
        {
            string inner = $"{place}.{part.Name}";
            string? error = keyword.Name switch
            {
                "properties" when rule.TryGetProperty(part.Name, out var known) => Error(known, part.Value, inner, depth),
                "patternProperties" => rule.EnumerateObject().Where(pattern => SchemaPatterns.Of(pattern.Name).IsMatch(part.Name))
                    .Select(pattern => Error(pattern.Value, part.Value, inner, depth)).FirstOrDefault(error => error is not null),
                "additionalProperties" when !IsNamed(schema, part.Name) => Error(rule, part.Value, inner, depth),
                "propertyNames" => Error(rule, JsonSerializer.SerializeToElement(part.Name), $"the name of {inner}", depth),
                _ => null,
            };
            if (error is not null)
                return error;
        }
        return null;
    }

    private string? OfArray(JsonProperty keyword, JsonElement schema, JsonElement value, string place, int depth)
    {
        var rule = keyword.Value;
        int length = value.GetArrayLength();
        string? Each(int first, Func<int, JsonElement> with)
        {
            for (int i = first; i < length; i++)
            {
                if (Error(with(i), value[i], $"{place}[{i}]", depth) is string error)
                    return error;
            }
            return null;
        }
        switch (keyword.Name)
        {
            case "minItems" when length < rule.GetInt32():
                return $"{place} has fewer than {rule} items";
            case "maxItems" when length > rule.GetInt32():
                return $"{place} has more than {rule} items";
            case "uniqueItems" when rule.ValueKind == JsonValueKind.True:
                return AreUnique([.. value.EnumerateArray()]) ? null : $"{place} has an item twice";
            case "contains":
                return value.EnumerateArray().Any(item => Error(rule, item, place, depth) is null) ? null : $"{place} holds no item that fits 'contains'";
            case "prefixItems":
            case "items" when rule.ValueKind == JsonValueKind.Array:
                int listed = Math.Min(length, rule.GetArrayLength());
                length = listed;
                return Each(0, i => rule[i]);
            case "items":
                return Each(schema.TryGetProperty("prefixItems", out var before) ? before.GetArrayLength() : 0, _ => rule);
            case "additionalItems" when schema.TryGetProperty("items", out var list) && list.ValueKind == JsonValueKind.Array:
                return Each(list.GetArrayLength(), _ => rule);
            default:
                return null;
        }
    }

    private static string? OfString(JsonProperty keyword, string value, string place)
    {
        var rule = keyword.Value;
        int length = value.EnumerateRunes().Count();
        return keyword.Name switch
        {
            "minLength" when length < rule.GetInt32() => $"{place} is shorter than {rule} characters",
            "maxLength" when length > rule.GetInt32() => $"{place} is longer than {rule} characters",
            "pattern" when !SchemaPatterns.Of(rule.GetString()!).IsMatch(value) => $"{place} does not match {rule}",
            _ => null,
        };
    }

    private static string? OfNumber(JsonProperty keyword, Rational value, string place)
    {
        if (keyword.Name is not ("minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" or "multipleOf"))
            return null;
        var rule = Exact(keyword.Value);
        int order = (value - rule).Numerator.Sign;
        return keyword.Name switch
        {
            "minimum" when order < 0 => $"{place} is less than {keyword.Value}",
            "maximum" when order > 0 => $"{place} is more than {keyword.Value}",
            "exclusiveMinimum" when order <= 0 => $"{place} is not over {keyword.Value}",
            "exclusiveMaximum" when order >= 0 => $"{place} is not under {keyword.Value}",
            "multipleOf" when !(value / rule).IsInteger => $"{place} is no multiple of {keyword.Value}",
            _ => null,
        };
    }

    private static bool HasType(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        _ => type == "number" || (type == "integer" && Exact(value).IsInteger),
    };

    private static bool IsNamed(JsonElement schema, string name) =>
        (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(name, out _))
        || (schema.TryGetProperty("patternProperties", out var patterns)
            && patterns.EnumerateObject().Any(pattern => SchemaPatterns.Of(pattern.Name).IsMatch(name)));

    private bool AreUnique(JsonElement[] items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (++_steps > MaxSteps)
                    throw new VerifierException("A list is too long to look for items that occur twice.");
                if (AreEqual(items[i], items[j]))
                    return false;
            }
        }
        return true;
    }

    private static bool AreEqual(JsonElement first, JsonElement second) => JsonElement.DeepEquals(first, second);

    private static Rational Exact(JsonElement number) => JsonNumber.Read(number) ?? throw new VerifierException("A number is too long to be checked.");
}
