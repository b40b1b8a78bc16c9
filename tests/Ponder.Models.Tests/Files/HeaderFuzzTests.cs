using System.Buffers.Binary;
using Ponder.Models.Files;
using Ponder.Models.Gguf;
using Ponder.Models.Safetensors;
using Ponder.Models.Tests.Gguf;
using Ponder.Numerics.Formats;

namespace Ponder.Models.Tests.Files;

/// <summary>Damaged headers open or give the project's own error, and cost no more memory than the file and 64 MiB.</summary>
public sealed class HeaderFuzzTests
{
    private const long Allowance = 64 << 20;

    private static readonly byte[] SafetensorsBase =
    [
        .. SafetensorsWriter.Header(
            [new("a", NumberFormats.F32, [2, 3]), new("b", NumberFormats.F32, []), new("c", NumberFormats.F32, [0, 4])],
            new Dictionary<string, string> { ["format"] = "pt" }),
        .. new byte[28],
    ];

    [Fact]
    public void Ten_thousand_damaged_gguf_headers() => Fuzz(GgufSamples.File(), 10_000, seed: 1, bytes => MemoryFile.Gguf(bytes, ReadAll));

    [Fact]
    public void Ten_thousand_damaged_safetensors_headers() => Fuzz(SafetensorsBase, 10_000, seed: 2, bytes => MemoryFile.Safetensors(bytes));

    [Fact]
    public void Damaged_files_on_disk()
    {
        using var folder = new TemporaryFolder();
        Fuzz(GgufSamples.File(), 200, seed: 3, bytes =>
        {
            using var file = GgufFile.Open(folder.Write("m.gguf", bytes));
        });
        Fuzz(SafetensorsBase, 200, seed: 4, bytes =>
        {
            using var file = SafetensorsFile.Open(folder.Write("m.safetensors", bytes));
        });
    }

    private static void ReadAll(GgufShard shard)
    {
        foreach (var value in shard.Metadata.Values)
            _ = value.Array is { } array ? array.Elements.Length : value.ToString().Length;
        foreach (var tensor in shard.Table.Tensors)
            _ = tensor.ToFloats();
    }

    private static void Fuzz(byte[] file, int runs, int seed, Action<byte[]> open)
    {
        int opened = 0, refused = 0;
        for (int run = 0; run < runs; run++)
        {
            byte[] damaged = Damage(file, new Random(seed * 1_000_003 + run));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                open(damaged);
                opened++;
            }
            catch (ModelFileException)
            {
                refused++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Run {run} of seed {seed} ended in {e.GetType().Name}.", e);
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(damaged.Length + Allowance, $"run {run} of seed {seed}");
        }
        // Both happen in any sound run: most damage is noticed, some of it changes nothing that matters.
        opened.ShouldBeGreaterThan(0);
        refused.ShouldBeGreaterThan(runs / 4);
    }

    private static byte[] Damage(byte[] file, Random random)
    {
        byte[] bytes = [.. file];
        for (int i = random.Next(1, 4); i > 0 && bytes.Length > 16; i--)
        {
            int at = random.Next(bytes.Length - 8), length = random.Next(1, Math.Min(64, bytes.Length - at));
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes = bytes[..at]; break;
                case 3: BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), Huge(random)); break;
                // A piece twice: duplicated keys and tensors.
                case 4: bytes = [.. bytes[..(at + length)], .. bytes[at..]]; break;
                default: bytes = [.. bytes[..at], .. bytes[(at + length)..]]; break;
            }
        }
        return bytes;
    }

    private static long Huge(Random random) => random.Next(4) switch
    {
        0 => -1,
        1 => long.MaxValue,
        2 => 1L << random.Next(63),
        _ => random.NextInt64(),
    };
}
