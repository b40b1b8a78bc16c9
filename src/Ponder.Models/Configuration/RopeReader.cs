using Ponder.Models.Files.Json;

namespace Ponder.Models.Configuration;

/// <summary>
/// Reads the RoPE settings of a Hugging Face config: <c>rope_theta</c> and <c>rope_scaling</c> at the top level (transformers 4), or
/// <c>rope_parameters</c>, for all layers or by layer type (transformers 5).
/// </summary>
internal static class RopeReader
{
    public static (RopeConfig Rope, RopeConfig? Local) Read(JsonPart json, Architecture architecture, int context)
    {
        bool hasLocal = architecture.LocalRopeBase > 0;
        if (json["rope_parameters"].ObjectOrNull() is { } parameters)
        {
            if (parameters["full_attention"].ObjectOrNull() is not { } full)
                return (One(json, parameters, parameters["rope_theta"].Float(), context), hasLocal ? Local(json, architecture) : null);
            var rope = One(json, full, full["rope_theta"].Float(), context);
            var sliding = parameters["sliding_attention"].ObjectOrNull();
            return (rope, sliding is { } local ? One(json, local, local["rope_theta"].Float(), context) : null);
        }
        float theta = json["rope_theta"].FloatOrNull() ?? 10_000;
        var global = json["rope_scaling"].ObjectOrNull() is { } scaling ? One(json, scaling, theta, context) : new RopeConfig(theta);
        return (global, hasLocal ? Local(json, architecture) : null);
    }

    private static RopeConfig Local(JsonPart json, Architecture architecture) =>
        new(json["rope_local_base_freq"].FloatOrNull() ?? architecture.LocalRopeBase);

    private static RopeConfig One(JsonPart json, JsonPart scaling, float theta, int context)
    {
        string type = scaling["rope_type"].StringOrNull() ?? scaling["type"].StringOrNull() ?? "default";
        return new RopeConfig(theta, type switch
        {
            "default" => null,
            "linear" => new LinearScaling(scaling["factor"].Float()),
            "llama3" => new Llama3Scaling(
                scaling["factor"].Float(), scaling["low_freq_factor"].Float(), scaling["high_freq_factor"].Float(),
                scaling["original_max_position_embeddings"].Int()),
            "yarn" => Yarn(scaling, context),
            "longrope" or "su" => LongRope(json, scaling, context),
            _ => throw json.FileError($"rope_type '{type}' is not known; Ponder knows {string.Join(", ", RopeScaling.KnownNames)}"),
        });
    }

    private static YarnScaling Yarn(JsonPart scaling, int context)
    {
        float factor = scaling["factor"].Float();
        float attention = scaling["attention_factor"].FloatOrNull()
            ?? (scaling["mscale"].FloatOrNull() is float mscale && scaling["mscale_all_dim"].FloatOrNull() is float all
                ? AttentionFactor(factor, mscale) / AttentionFactor(factor, all)
                : AttentionFactor(factor, 1));
        return new YarnScaling(
            factor,
            scaling["original_max_position_embeddings"].IntOrNull() ?? context,
            scaling["beta_fast"].FloatOrNull() ?? 32,
            scaling["beta_slow"].FloatOrNull() ?? 1,
            attention,
            scaling["truncate"].BoolOrNull() ?? true);
    }

    private static float AttentionFactor(float factor, float scale) => factor <= 1 ? 1 : 0.1f * scale * MathF.Log(factor) + 1;

    private static LongRopeScaling LongRope(JsonPart json, JsonPart scaling, int context)
    {
        int? original = scaling["original_max_position_embeddings"].IntOrNull() ?? json["original_max_position_embeddings"].IntOrNull();
        float factor = original is > 0 ? (float)context / original.Value : scaling["factor"].FloatOrNull() ?? 1;
        float attention = scaling["attention_factor"].FloatOrNull()
            ?? (factor <= 1 ? 1 : MathF.Sqrt(1 + MathF.Log(factor) / MathF.Log(original ?? context)));
        return new LongRopeScaling(Factors(scaling["short_factor"]), Factors(scaling["long_factor"]), original ?? context, attention);
    }

    private static IReadOnlyList<float> Factors(JsonPart list) => [.. list.Items().Select(factor => factor.Float())];
}
