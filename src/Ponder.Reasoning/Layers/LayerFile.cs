using System.Text;
using System.Text.Json;

namespace Ponder.Reasoning.Layers;

/// <summary>
/// Plans of layers in files: JSON with <c>layers</c>, each with <c>parts</c>, each with a <c>type</c> and its options. A part of the type <c>plan</c> names
/// another file, or a plan under <c>plans</c> of the same file, by <c>plan</c>, or has <c>layers</c> of its own. Fields that nobody knows are refused.
/// </summary>
public static class LayerFile
{
    private const long MostBytes = 1 << 20;

    /// <summary>Reads a plan, with all that it refers to.</summary>
    /// <param name="path">The file; those that it names lie relative to its folder.</param>
    /// <exception cref="LayerException">A file is absent or cannot be read, or is no plan; names file, layer and part. Whether parts fit together is <see cref="LayerStrategy"/>'s to find out.</exception>
    public static LayerPlan Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using (PlanChain.Enter(Path.GetFullPath(path), path))
            return Read(path);
    }

    /// <summary>Reads a plan from its text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">What messages call it.</param>
    /// <param name="folder">Where files that it names lie; null for the current folder.</param>
    /// <exception cref="LayerException">It is no plan.</exception>
    public static LayerPlan Parse(string json, string source = "the plan", string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        using (PlanChain.Enter(source, source))
            return new PlanReader(source, folder ?? "").Read(json);
    }

    /// <summary>Writes a plan; plans within it are written where they stand, so that the file needs no other.</summary>
    public static string Write(LayerPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            WritePlan(json, plan);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    /// <summary>Writes a plan to a file; one that is there is replaced once the new one is complete.</summary>
    /// <exception cref="LayerException">The file cannot be written.</exception>
    public static void Save(LayerPlan plan, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string text = Write(plan);
        try
        {
            string unfinished = path + ".new";
            File.WriteAllText(unfinished, text);
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LayerException($"{path}: the plan cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Reads a file that is entered in the chain already.</summary>
    internal static LayerPlan Read(string path)
    {
        string text;
        try
        {
            if (!File.Exists(path))
                throw new LayerException($"{path}: there is no such file.");
            if (new FileInfo(path).Length > MostBytes)
                throw new LayerException($"{path}: it is too large for a plan of layers.");
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LayerException($"{path}: it cannot be read: {error.Message}", error);
        }
        return new PlanReader(path, Path.GetDirectoryName(path) ?? "").Read(text);
    }

    private static void WritePlan(Utf8JsonWriter json, LayerPlan plan)
    {
        if (plan.Name is string name)
            json.WriteString("name", name);
        json.WriteStartArray("layers");
        foreach (var layer in plan.Layers)
        {
            json.WriteStartObject();
            json.WriteStartArray("parts");
            foreach (var part in layer.Parts)
                WritePart(json, part);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, PlanPart part)
    {
        var row = PartTable.Require(part.Type);
        json.WriteStartObject();
        json.WriteString("type", part.Type);
        foreach (var (name, value) in part.Options)
        {
            if (PlanReader.IsText(PartValues.OptionOf(row, name)))
            {
                json.WriteString(name, value);
            }
            else
            {
                json.WritePropertyName(name);
                json.WriteRawValue(value);
            }
        }
        if (part.Plan is { } inner)
            WritePlan(json, inner);
        json.WriteEndObject();
    }
}
