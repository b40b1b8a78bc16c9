using System.Buffers.Binary;
using System.Text;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Tests.Files;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Tests.Gguf;

public sealed class GgufReadingTests
{
    [Fact]
    public void Every_value_type_comes_back() => MemoryFile.Gguf(GgufSamples.File(), shard =>
    {
        var metadata = shard.Metadata;
        metadata.Keys.ShouldBe(GgufSamples.Metadata().Keys);
        metadata.GetString("general.architecture").ShouldBe("llama");
        metadata.GetInt32("u8").ShouldBe(200);
        metadata.GetInt32("i8").ShouldBe(-5);
        metadata.GetInt64("u16").ShouldBe(60_000);
        metadata.GetInt32("i16").ShouldBe(-300);
        metadata.GetUInt32("u32").ShouldBe(4_000_000_000u);
        metadata.GetInt64("i32").ShouldBe(-70_000);
        metadata.GetSingle("f32").ShouldBe(1.5f);
        metadata.GetBool("bool").ShouldBeTrue();
        metadata.GetUInt64("u64").ShouldBe(ulong.MaxValue);
        metadata.GetInt64("i64").ShouldBe(long.MinValue);
        metadata.GetSingle("f64").ShouldBe(0.25f);
        metadata.GetStringArray("strings").ShouldBe(["a", "", "Ġé"]);
        metadata["strings"].Array!.Utf8(2).ToArray().ShouldBe("Ġé"u8.ToArray());
        metadata.GetInt32Array("numbers").ShouldBe([1, 2, 3]);
        metadata.GetFloatArray("scores").ShouldBe([0.5f, -1]);
        metadata.GetBoolArray("flags").ShouldBe([true, false]);
        var nested = (GgufArray[])metadata["nested"].Array!.Elements;
        nested[0].AsInt32().ShouldBe([1, 2]);
        nested[1].AsStrings().ShouldBe(["x"]);
    });

    [Fact]
    public void Arrays_are_decoded_once() => MemoryFile.Gguf(GgufSamples.File(), shard =>
    {
        shard.Metadata.GetStringArray("strings").ShouldBeSameAs(shard.Metadata.GetStringArray("strings"));
        shard.Metadata.GetInt32Array("numbers").ShouldBeSameAs(shard.Metadata.GetInt32Array("numbers"));
    });

    [Fact]
    public void The_tensor_table_has_the_outermost_dimension_first() => MemoryFile.Gguf(GgufSamples.File(), shard =>
    {
        shard.Table.Tensors.Select(t => t.Name).ShouldBe(["first", "second", "scalar"]);
        shard.Table.Tensors[0].Shape.ShouldBe([3L, 5]);
        shard.Table.Tensors[1].Shape.ShouldBe([2L, 64]);
        shard.Table.Tensors[1].Format.ShouldBe(NumberFormats.Q8_0);
        shard.Table.Tensors[1].ByteLength.ShouldBe(4 * 34);
        shard.Table.Tensors[2].Count.ShouldBe(1);
    });

    [Theory]
    [InlineData("u32", "-2147483648 to 2147483647")]
    [InlineData("bool", "integer")]
    [InlineData("f32", "integer")]
    [InlineData("strings", "String[3]")]
    [InlineData("absent", "missing")]
    public void A_lookup_that_does_not_fit_names_the_key(string key, string part) => MemoryFile.Gguf(GgufSamples.File(), shard =>
    {
        string message = Should.Throw<ModelFileException>(() => shard.Metadata.GetInt32(key)).Message;
        message.ShouldContain($"'{key}'");
        message.ShouldContain(part);
    });

    [Fact]
    public void Try_lookups_only_forgive_absence() => MemoryFile.Gguf(GgufSamples.File(), shard =>
    {
        shard.Metadata.TryGetInt32("absent", out _).ShouldBeFalse();
        shard.Metadata.TryGetStringArray("absent", out _).ShouldBeFalse();
        Should.Throw<ModelFileException>(() => shard.Metadata.TryGetString("u8", out _));
        Should.Throw<ModelFileException>(() => shard.Metadata.TryGetBool("u8", out _));
        Should.Throw<ModelFileException>(() => shard.Metadata.TryGetFloatArray("numbers", out _));
    });

    [Fact]
    public void Strings_that_are_not_utf8_keep_their_bytes()
    {
        byte[] file = GgufSamples.Replace(GgufSamples.File(), "Ġé"u8, [0xC4, 0xFF, 0xFE, 0x41]);
        MemoryFile.Gguf(file, shard =>
        {
            shard.Metadata["strings"].Array!.Utf8(2).ToArray().ShouldBe(new byte[] { 0xC4, 0xFF, 0xFE, 0x41 });
            shard.Metadata.GetStringArray("strings")[2].ShouldBe("\uFFFD\uFFFD\uFFFDA");
        });
    }

    [Fact]
    public void A_vocabulary_without_tensors_is_valid() =>
        MemoryFile.Gguf(GgufWriter.Header(GgufSamples.Metadata(), [], 32), shard => shard.Table.Tensors.ShouldBeEmpty());

    [Theory]
    [InlineData(0, "GGUX", "no GGUF")]
    [InlineData(4, "\u0001\0\0\0", "version 1")]
    [InlineData(4, "\0\0\0\u0003", "big-endian")]
    [InlineData(4, "\u0009\0\0\0", "version 9")]
    public void What_is_not_read_is_named(int offset, string bytes, string part)
    {
        byte[] file = GgufSamples.File();
        Encoding.Latin1.GetBytes(bytes).CopyTo(file, offset);
        ShouldFail(file, part);
    }

    [Fact]
    public void Version_2_is_read()
    {
        byte[] file = GgufSamples.File();
        file[4] = 2;
        MemoryFile.Gguf(file, shard => shard.Version.ShouldBe(2));
    }

    [Fact]
    public void Damaged_tables_are_refused()
    {
        byte[] file = GgufSamples.File();
        ShouldFail(GgufSamples.Replace(file, "second"u8, [0xFF, .. "econd"u8]), "not UTF-8");
        ShouldFail(file[..^64], "left in the file");
        ShouldFail(GgufSamples.File(tensors: [new("a", NumberFormats.F32, [1]), new("a", NumberFormats.F32, [1])]), "appears twice");

        byte[] table = [.. "first"u8, 2, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0];
        ShouldFail(GgufSamples.Replace(file, table, [.. table[..^8], .. BitConverter.GetBytes(long.MaxValue)]), "too large");
        ShouldFail(GgufSamples.Replace(file, table, [.. table[..^8], .. BitConverter.GetBytes(-1L)]), "a dimension of");
        ShouldFail(GgufSamples.Replace(file, table, [.. table[..^8], .. BitConverter.GetBytes(0L)]), "a dimension of 0");
        ShouldFail(GgufSamples.Replace(file, table, [.. "first"u8, 5, 0, 0, 0, .. table[9..]]), "5 dimensions");

        int offset = file.AsSpan().IndexOf("second"u8) + 6 + 4 + 16 + 4;
        ShouldFail(With(file, offset, 0), "overlap");
        ShouldFail(With(file, offset, 33), "multiple of the alignment");
        ShouldFail(With(file, offset, long.MaxValue / 32 * 32), "left in the file");
        ShouldFail(With(file, offset - 4, 0x7FFF), "unknown type");
    }

    [Fact]
    public void Rows_of_broken_blocks_are_refused()
    {
        byte[] file = GgufSamples.File();
        int dimension = file.AsSpan().IndexOf("second"u8) + 6 + 4;
        ShouldFail(With(file, dimension, 33), "blocks of 32");
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(48u)]
    [InlineData(1u << 30)]
    public void An_alignment_that_is_no_sane_power_of_two_is_refused(uint alignment)
    {
        var metadata = GgufSamples.Metadata();
        metadata.Set("general.alignment", alignment);
        ShouldFail(GgufSamples.File(metadata), "general.alignment");
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        var array = GgufArray.Of(new[] { 1 });
        for (int i = 0; i < 7; i++)
            array = GgufArray.Of(new[] { array });
        var metadata = new GgufMetadata("memory");
        metadata.Set("deep", array);
        MemoryFile.Gguf(GgufSamples.File(metadata, []));
        metadata.Set("deep", GgufArray.Of(new[] { array }));
        ShouldFail(GgufSamples.File(metadata, []), "nested deeper than 8");
    }

    private static byte[] With(byte[] file, int offset, long value)
    {
        byte[] copy = [.. file];
        BinaryPrimitives.WriteInt64LittleEndian(copy.AsSpan(offset), value);
        return copy;
    }

    private static void ShouldFail(byte[] file, string part) =>
        Should.Throw<ModelFileException>(() => MemoryFile.Gguf(file)).Message.ShouldContain(part);
}
