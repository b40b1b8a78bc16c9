using System.Text.Json;

namespace Ponder.Models.Configuration;

/// <summary>
/// Reads the RoPE settings of a Hugging Face config: <c>rope_theta</c> and <c>rope_scaling</c> at the top level (transformers 4), or
/// <c>rope_parameters</c>, for all layers or by layer type (transformers 5).
/// </summary>
internal static class RopeReader
{
    public static (RopeConfig Rope, RopeConfig? Local) Read(JsonObject json, Architecture architecture, int context)
    {
        bool hasLocal = architecture.LocalRopeBase > 0;
        if (json.TryObject("rope_parameters") is { } parameters)
        {
            if (parameters.TryObject("full_attention") is not { } full)
                return (One(json, parameters, parameters.Float("rope_theta"), context), hasLocal ? Local(json, architecture) : null);
            var rope = One(json, full, full.Float("rope_theta"), context);
            return (rope, parameters.TryObject("sliding_attention") is { } sliding ? One(json, sliding, sliding.Float("rope_theta"), context) : null);
        }
        float theta = json.TryFloat("rope_theta") ?? 10_000;
        var global = json.TryObject("rope_scaling") is { } scaling ? One(json, scaling, theta, context) : new RopeConfig(theta);
        return (global, hasLocal ? Local(json, architecture) : null);
    }

    private static RopeConfig Local(JsonObject json, Architecture architecture) => new(json.TryFloat("rope_local_base_freq") ?? architecture.LocalRopeBase);

    private static RopeConfig One(JsonObject json, JsonObject scaling, float theta, int context)
    {
        string type = scaling.TryString("rope_type") ?? scaling.TryString("type") ?? "default";
        return new RopeConfig(theta, type switch
        {
            "default" => null,
            "linear" => new LinearScaling(scaling.Float("factor")),
            "llama3" => new Llama3Scaling(
                scaling.Float("factor"), scaling.Float("low_freq_factor"), scaling.Float("high_freq_factor"), scaling.Int("original_max_position_embeddings")),
            "yarn" => Yarn(scaling, context),
            "longrope" or "su" => LongRope(json, scaling, context),
            _ => throw json.Error($"rope_type '{type}' is not known; Ponder knows {string.Join(", ", RopeScaling.KnownNames)}"),
        });
    }

    private static YarnScaling Yarn(JsonObject scaling, int context)
    {
        float factor = scaling.Float("factor");
        float attention = scaling.TryFloat("attention_factor")
            ?? (scaling.TryFloat("mscale") is float mscale && scaling.TryFloat("mscale_all_dim") is float all
                ? AttentionFactor(factor, mscale) / AttentionFactor(factor, all)
                : AttentionFactor(factor, 1));
        return new YarnScaling(
            factor,
            scaling.TryInt("original_max_position_embeddings") ?? context,
            scaling.TryFloat("beta_fast") ?? 32,
            scaling.TryFloat("beta_slow") ?? 1,
            attention,
            scaling.TryBool("truncate") ?? true);
    }

    private static float AttentionFactor(float factor, float scale) => factor <= 1 ? 1 : 0.1f * scale * MathF.Log(factor) + 1;

    private static LongRopeScaling LongRope(JsonObject json, JsonObject scaling, int context)
    {
        int? original = scaling.TryInt("original_max_position_embeddings") ?? json.TryInt("original_max_position_embeddings");
        float factor = original is > 0 ? (float)context / original.Value : scaling.TryFloat("factor") ?? 1;
        float attention = scaling.TryFloat("attention_factor")
            ?? (factor <= 1 ? 1 : MathF.Sqrt(1 + MathF.Log(factor) / MathF.Log(original ?? context)));
        return new LongRopeScaling(Factors(scaling, "short_factor"), Factors(scaling, "long_factor"), original ?? context, attention);
    }

    private static IReadOnlyList<float> Factors(JsonObject scaling, string name) =>
        scaling.TryList<float>(name, "a list of numbers", item => item.ValueKind == JsonValueKind.Number && item.TryGetSingle(out float f) ? f : null)
        ?? throw scaling.Error($"field '{scaling.Name(name)}' is missing");
}
