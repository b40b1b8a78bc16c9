using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using Ponder.Numerics.Formats;
using Ponder.TestSupport;

namespace Ponder.Numerics.Tests.Formats;

/// <summary>Holds every format against blocks, values and encodings recorded from a reference implementation.</summary>
public sealed class ReferenceBlocksTests
{
    private static readonly Lazy<Dictionary<string, byte[]>> Recorded = new(Read);

    public static TheoryData<string> Decoders => Names(".bytes", name => name[..^".bytes".Length]);

    public static TheoryData<string> Encoders => Names("quantize.", name => name["quantize.".Length..]);

    [SharedTheory]
    [MemberData(nameof(Decoders))]
    public void Decoding_gives_the_recorded_bits(string name)
    {
        var format = NumberFormats.FromName(name).ShouldNotBeNull();
        var expected = Floats($"{name}.values");
        var actual = new float[expected.Length];
        format.Decode(Recorded.Value[$"{name}.bytes"], actual);
        MemoryMarshal.Cast<float, uint>(actual).ToArray().ShouldBe(MemoryMarshal.Cast<float, uint>(expected).ToArray());
    }

    [SharedTheory]
    [MemberData(nameof(Encoders))]
    public void Encoding_gives_the_recorded_bytes(string name)
    {
        var expected = Recorded.Value[$"quantize.{name}"];
        var actual = new byte[expected.Length];
        NumberFormats.FromName(name).ShouldNotBeNull().Encode(Floats("quantize.input"), actual);
        actual.ShouldBe(expected);
    }

    private static TheoryData<string> Names(string mark, Func<string, string> shorten)
    {
        if (SharedData.Root is null)
            return ["absent"];
        return [.. Recorded.Value.Keys.Where(k => k.Contains(mark) && k != "quantize.input").Select(shorten)];
    }

    private static ReadOnlySpan<float> Floats(string name) => MemoryMarshal.Cast<byte, float>(Recorded.Value[name]);

    private static Dictionary<string, byte[]> Read()
    {
        var file = File.ReadAllBytes(SharedData.Path("data", "quants", "quants.safetensors"));
        int header = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        using var json = JsonDocument.Parse(file.AsMemory(8, header));
        return json.RootElement.EnumerateObject().Where(e => e.Name != "__metadata__").ToDictionary(
            e => e.Name,
            e =>
            {
                var offsets = e.Value.GetProperty("data_offsets");
                return file[(8 + header + offsets[0].GetInt32())..(8 + header + offsets[1].GetInt32())];
            });
    }
}
