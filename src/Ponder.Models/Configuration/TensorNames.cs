using System.Globalization;

namespace Ponder.Models.Configuration;

/// <summary>
/// Translates Ponder's tensor names, which are GGUF's, into those of a family's safetensors. A name is a module and a suffix
/// (<c>.weight</c>, <c>.bias</c>); modules of a layer have its number between prefix and rest.
/// </summary>
/// <param name="global">Modules outside layers, by GGUF name.</param>
/// <param name="layerPrefix">What stands before the layer number, with its dot.</param>
/// <param name="layer">Modules of a layer, by GGUF name without <c>blk.N.</c>.</param>
/// <param name="optionalPrefix">Stands before all names in some files and is left out in others; empty for none.</param>
public sealed class TensorNames(
    IReadOnlyDictionary<string, string> global, string layerPrefix, IReadOnlyDictionary<string, string> layer, string optionalPrefix = "")
{
    /// <summary>A prefix that some files put before all names and others leave out.</summary>
    public string OptionalPrefix => optionalPrefix;

    /// <summary>The safetensors name of <paramref name="ggufName"/>, or null where the family has no such tensor.</summary>
    public string? Translate(string ggufName)
    {
        int dot = ggufName.LastIndexOf('.');
        if (dot < 0)
            return null;
        string module = ggufName[..dot], suffix = ggufName[dot..];
        if (!module.StartsWith("blk.", StringComparison.Ordinal))
            return global.TryGetValue(module, out string? name) ? name + suffix : null;
        int second = module.IndexOf('.', 4);
        int number = int.Parse(module.AsSpan(4, second - 4), CultureInfo.InvariantCulture);
        return layer.TryGetValue(module[(second + 1)..], out string? inner) ? $"{layerPrefix}{number}.{inner}{suffix}" : null;
    }
}
