using System.Text;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Tests.Gguf;

/// <summary>Small GGUF files in memory.</summary>
internal static class GgufSamples
{
    /// <summary>Metadata with a key of every type.</summary>
    public static GgufMetadata Metadata()
    {
        var metadata = new GgufMetadata("memory");
        metadata.Set("general.architecture", "llama");
        metadata.Set("u8", (byte)200);
        metadata.Set("i8", (sbyte)-5);
        metadata.Set("u16", (ushort)60_000);
        metadata.Set("i16", (short)-300);
        metadata.Set("u32", 4_000_000_000u);
        metadata.Set("i32", -70_000);
        metadata.Set("f32", 1.5f);
        metadata.Set("bool", true);
        metadata.Set("u64", ulong.MaxValue);
        metadata.Set("i64", long.MinValue);
        metadata.Set("f64", 0.25);
        metadata.Set("strings", new[] { "a", "", "Ġé" });
        metadata.Set("numbers", new uint[] { 1, 2, 3 });
        metadata.Set("scores", new[] { 0.5, -1 });
        metadata.Set("flags", new[] { true, false });
        metadata.Set("nested", new[] { GgufArray.Of(new[] { 1, 2 }), GgufArray.Of(new[] { "x" }) });
        return metadata;
    }

    public static TensorDeclaration[] Tensors() =>
    [
        new("first", NumberFormats.F32, [3, 5]),
        new("second", NumberFormats.Q8_0, [2, 64]),
        new("scalar", NumberFormats.F32, []),
    ];

    /// <summary>A whole file; the data is zero.</summary>
    public static byte[] File(GgufMetadata? metadata = null, TensorDeclaration[]? tensors = null)
    {
        tensors ??= Tensors();
        byte[] header = GgufWriter.Header(metadata ?? Metadata(), tensors, 32);
        long data = tensors.Sum(t => (t.ByteLength + 31) / 32 * 32);
        return [.. header, .. new byte[(32 - header.Length % 32) % 32], .. new byte[data]];
    }

    /// <summary>Replaces the only place where <paramref name="old"/> stands.</summary>
    public static byte[] Replace(byte[] file, ReadOnlySpan<byte> old, ReadOnlySpan<byte> with)
    {
        int at = file.AsSpan().IndexOf(old);
        at.ShouldBeGreaterThan(0, Encoding.UTF8.GetString(old));
        file.AsSpan(at + 1).IndexOf(old).ShouldBe(-1);
        return [.. file[..at], .. with, .. file[(at + old.Length)..]];
    }
}
