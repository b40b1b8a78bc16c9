using System.Buffers.Binary;
using System.Text;
using Ponder.Models.Files;
using Ponder.Models.Safetensors;
using Ponder.Models.Tests.Files;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Tests.Safetensors;

public sealed class SafetensorsReadingTests
{
    private const string A = """ "a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]} """;

    [Fact]
    public void Tensors_and_metadata_come_back() => MemoryFile.Safetensors(
        File("{\"__metadata__\":{\"format\":\"pt\"}," + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}   ", 12), header =>
        {
            header.Metadata["format"].ShouldBe("pt");
            header.Table.Tensors.Select(t => t.Name).ShouldBe(["a", "b"]);
            header.Table.Tensors[0].Shape.ShouldBe([2L]);
            header.Table.Tensors[1].Count.ShouldBe(1);
            header.Table.Tensors[0].Format.ShouldBe(NumberFormats.F32);
        });

    [Fact]
    public void Tensors_without_values_are_valid() => MemoryFile.Safetensors(
        File("{\"z\":{\"dtype\":\"F32\",\"shape\":[0,4],\"data_offsets\":[0,0]}," + A + "}", 8),
        header => header.Table.Tensors[0].ByteLength.ShouldBe(0));

    [Theory]
    [InlineData("", 0, "'{'")]
    [InlineData("[]", 0, "'{'")]
    [InlineData("{", 0, "JSON")]
    [InlineData("{} x", 0, "JSON")]
    [InlineData("{}", 4, "belong to no tensor")]
    [InlineData("{\"a\":3}", 0, "object for the tensor 'a'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", 0, "needs dtype")]
    [InlineData("{\"a\":{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "'F33'")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8, "takes 12 bytes")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}", 8, "shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,8]}}", 8, "shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,0]}}", 0, "too large")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7, "complete")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}", 8, "data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8,9]}}", 8, "more than 2")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}", 12, "hole")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8, "twice")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8],\"x\":1}}", 8, "unknown field 'x'")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", 0, "string")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}", 0, "twice")]
    [InlineData("{\"\\ud800\":3}", 0, "broken string")]
    public void Damaged_headers_are_refused(string json, int data, string part) =>
        Should.Throw<ModelFileException>(() => MemoryFile.Safetensors(File(json, data))).Message.ShouldContain(part);

    [Fact]
    public void Names_and_bytes_are_not_shared()
    {
        Fails(File("{" + A + "," + A + "}", 8), "appears twice");
        Fails(File("{" + A + ",\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8), "overlaps");
        Fails([3, 0], "too few");
        Fails([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], "allows");
        Fails([200, 0, 0, 0, 0, 0, 0, 0, (byte)'{'], "are left");
    }

    [Fact]
    public void An_index_opens_its_shards()
    {
        using var folder = new TemporaryFolder();
        folder.Write("1.safetensors", File("{" + A + "}", 8));
        folder.Write("2.safetensors", File("{" + A.Replace("\"a\"", "\"b\"", StringComparison.Ordinal) + "}", 8));
        string index = folder.Write("m.index.json", """{"metadata":{"total_size":16},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"""u8);
        using (var file = SafetensorsFile.Open(index))
        {
            file.Tensors.Select(t => t.Name).ShouldBe(["a", "b"]);
            file.TryGetTensor("b", out _).ShouldBeTrue();
            file.Path.ShouldEndWith("1.safetensors");
        }
        System.IO.File.Delete(folder["2.safetensors"]);
        var error = Should.Throw<ModelFileException>(() => SafetensorsFile.Open(index));
        error.Path.ShouldBe(folder["2.safetensors"]);
    }

    [Theory]
    [InlineData("{}", "weight_map")]
    [InlineData("{\"weight_map\":{\"a\":\"../1.safetensors\"}}", "plain file name")]
    [InlineData("{\"weight_map\":{\"a\":3}}", "file name")]
    [InlineData("{\"weight_map\":{\"a\":\"1.safetensors\",\"a\":\"1.safetensors\"}}", "twice")]
    [InlineData("{\"weight_map\":{\"c\":\"1.safetensors\"}}", "'c'")]
    public void A_damaged_index_is_refused(string json, string part)
    {
        using var folder = new TemporaryFolder();
        folder.Write("1.safetensors", File("{" + A + "}", 8));
        string index = folder.Write("m.index.json", Encoding.UTF8.GetBytes(json));
        Should.Throw<ModelFileException>(() => SafetensorsFile.Open(index)).Message.ShouldContain(part);
    }

    private static void Fails(byte[] file, string part) =>
        Should.Throw<ModelFileException>(() => MemoryFile.Safetensors(file)).Message.ShouldContain(part);

    private static byte[] File(string json, int data)
    {
        byte[] file = [.. new byte[8], .. Encoding.UTF8.GetBytes(json), .. new byte[data]];
        BinaryPrimitives.WriteInt64LittleEndian(file, file.Length - 8 - data);
        return file;
    }
}
