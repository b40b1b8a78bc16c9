using System.Runtime.InteropServices;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;

namespace Ponder.Models.Tests.Files;

/// <summary>Runs the readers over bytes in memory, in a native copy of exactly their length.</summary>
internal static unsafe class MemoryFile
{
    public static void Gguf(ReadOnlySpan<byte> bytes, Action<GgufShard>? check = null) => With(bytes, file =>
    {
        using var shard = GgufShard.Read(file);
        check?.Invoke(shard);
    });

    public static void Safetensors(ReadOnlySpan<byte> bytes, Action<SafetensorsHeader>? check = null) =>
        With(bytes, file =>
        {
            var header = SafetensorsHeader.Read(file);
            check?.Invoke(header);
        });

    private static void With(ReadOnlySpan<byte> bytes, Action<MappedFile> read)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)Math.Max(1, bytes.Length));
        try
        {
            bytes.CopyTo(new Span<byte>(copy, bytes.Length));
            using var file = new MappedFile("memory", copy, bytes.Length);
            read(file);
        }
        finally
        {
            NativeMemory.Free(copy);
        }
    }
}
