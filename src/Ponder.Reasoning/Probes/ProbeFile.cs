using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ponder.Reasoning.Probes;

/// <summary>
/// Probes in files: JSON with the format's version, the model's name, the layers, the network and the calibration; numbers as base64 of little-endian float32.
/// </summary>
public static class ProbeFile
{
    private const string Format = "ponder-probe";
    private const int Version = 1;
    private const long MostBytes = 1L << 30;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    /// <summary>Writes a probe.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="path">The file; one that is there is replaced once the new one is complete.</param>
    /// <exception cref="ProbeException">The file cannot be written.</exception>
    public static void Save(Probe probe, string path)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentException.ThrowIfNullOrEmpty(path);
        var content = new Content(
            Format, Version, probe.Model, [.. probe.Layers], Bytes(probe.Mean), Bytes(probe.Scale),
            [.. probe.Dense.Select(d => new Layer(d.Inputs, d.Outputs, Bytes(d.Weights), Bytes(d.Bias)))], [.. probe.Strangeness]);
        try
        {
            string unfinished = path + ".new";
            File.WriteAllBytes(unfinished, JsonSerializer.SerializeToUtf8Bytes(content, Json));
            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProbeException($"{path}: the probe cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Reads a probe.</summary>
    /// <exception cref="ProbeException">The file is absent, no probe, of a newer version, or damaged.</exception>
    public static Probe Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (!File.Exists(path))
                throw new ProbeException($"{path}: there is no such file.");
            if (new FileInfo(path).Length > MostBytes)
                throw new ProbeException($"{path}: it is too large for a probe.");
            var content = JsonSerializer.Deserialize<Content>(File.ReadAllBytes(path), Json) ?? throw new JsonException("it is null");
            return Checked(content, path);
        }
        catch (JsonException e)
        {
            throw new ProbeException($"{path}: it is no probe: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProbeException($"{path}: it cannot be read: {e.Message}", e);
        }
    }

    private static Probe Checked(Content content, string path)
    {
        Demand(content.Format == Format, $"its format is '{content.Format}', not '{Format}'");
        Demand(content.Version is >= 1 and <= Version, $"it has version {content.Version} of the format, but this version of Ponder reads up to {Version}");
        Demand(content.Model.Length > 0 && content.Layers.Length > 0 && content.Dense.Length > 0, "the model, the layers or the network is missing");
        float[] mean = Floats("mean", content.Mean, content.Mean.Length / sizeof(float)), scale = Floats("scale", content.Scale, mean.Length);
        Demand(mean.Length > 0 && Array.TrueForAll(scale, s => s > 0), "its scale has a number that is not above 0");
        int width = mean.Length;
        var dense = new DenseLayer[content.Dense.Length];
        for (int i = 0; i < dense.Length; i++)
        {
            var layer = content.Dense[i];
            Demand(layer.Inputs == width && layer.Outputs > 0, $"layer {i} of its network takes {layer.Inputs} numbers, but gets {width}");
            dense[i] = Make(layer, i);
            width = layer.Outputs;
        }
        Demand(width == 1, "its network gives more than one number");
        Demand(content.Strangeness.All(s => s is >= 0 and <= 1), "its calibration has a number that is not between 0 and 1");
        return new Probe(content.Model, content.Layers, mean, scale, dense, content.Strangeness);

        DenseLayer Make(Layer layer, int i)
        {
            // Checked before memory is taken for it.
            float[] weights = Floats($"layer {i}", layer.Weights, (long)layer.Inputs * layer.Outputs), bias = Floats($"layer {i}", layer.Bias, layer.Outputs);
            return new DenseLayer(layer.Inputs, layer.Outputs) { Weights = weights, Bias = bias };
        }

        float[] Floats(string what, byte[] bytes, long count)
        {
            Demand(bytes.Length == count * sizeof(float), $"its {what} has {bytes.Length} bytes where {count} numbers of 4 bytes should be");
            float[] values = [.. MemoryMarshal.Cast<byte, float>(bytes)];
            Demand(Array.TrueForAll(values, float.IsFinite), $"its {what} has a number that is not finite");
            return values;
        }

        void Demand(bool holds, string why)
        {
            if (!holds)
                throw new ProbeException($"{path}: the probe cannot be used: {why}.");
        }
    }

    private static byte[] Bytes(ReadOnlySpan<float> values) => MemoryMarshal.AsBytes(values).ToArray();

    private sealed record Content(string Format, int Version, string Model, int[] Layers, byte[] Mean, byte[] Scale, Layer[] Dense, double[] Strangeness);

    private sealed record Layer(int Inputs, int Outputs, byte[] Weights, byte[] Bias);
}
