using System.Buffers.Binary;
using Ponder.Models.Transformers;
using Ponder.Numerics;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Kv;

/// <summary>Saved keys and values are damaged or belong to another model.</summary>
public sealed class SavedKvException(string message) : PonderException(message);

/// <summary>
/// Saving. All numbers are int32 in little-endian order: length; groups; for each group its layers, window, bytes of a page and first page; then, group
/// by group, the pages from the first one on. Positions past the length are zero.
/// </summary>
internal sealed unsafe partial class KvSequence
{
    /// <summary>Writes the computed positions.</summary>
    public void Write(Stream stream)
    {
        var groups = _pool.Groups;
        WriteNumber(stream, Length);
        WriteNumber(stream, groups.Length);
        for (int i = 0; i < groups.Length; i++)
        {
            WriteNumber(stream, groups[i].Group.Layers);
            WriteNumber(stream, groups[i].Group.Window);
            WriteNumber(stream, checked((int)groups[i].Group.BytesPerPage));
            WriteNumber(stream, Table.First(i));
        }
        for (int group = 0; group < groups.Length; group++)
        {
            for (int i = Table.First(group); i < Table.Count; i++)
            {
                var bytes = groups[group].Bytes(Table[group, i]);
                stream.Write(i < Length / Attention.PageTokens ? bytes : WithoutRest(bytes, groups[group].Group.Layers));
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="pool">Of a model with the same layout.</param>
    /// <param name="stream">Stands at the beginning; then behind the last page.</param>
    /// <param name="maxLength">The longest sequence that is believed.</param>
    /// <param name="meter">Counts the pages.</param>
    /// <exception cref="SavedKvException">The bytes are damaged, or were written by a model with another layout or KV format.</exception>
    /// <exception cref="KvMemoryException">The memory limit is reached.</exception>
    public static KvSequence Read(KvPool pool, Stream stream, int maxLength, KvMeter? meter = null)
    {
        int length = ReadNumber(stream, "length", 0, maxLength);
        ReadNumber(stream, "number of layer groups", pool.Groups.Length, pool.Groups.Length);
        var first = new int[pool.Groups.Length];
        for (int i = 0; i < first.Length; i++)
        {
            var group = pool.Groups[i].Group;
            ReadNumber(stream, "number of layers", group.Layers, group.Layers);
            ReadNumber(stream, "window", group.Window, group.Window);
            ReadNumber(stream, "bytes of a page", (int)group.BytesPerPage, (int)group.BytesPerPage);
            first[i] = ReadNumber(stream, "first page", 0, Math.Min(group.FirstNeededPage(length), KvLayout.PagesFor(length)));
        }
        var sequence = new KvSequence(pool, meter);
        try
        {
            sequence.Fill(stream, length, first);
            return sequence;
        }
        catch
        {
            sequence.Dispose();
            throw;
        }
    }

    private void Fill(Stream stream, int length, int[] first)
    {
        int pages = KvLayout.PagesFor(length);
        Table.Reserve(pages);
        for (int i = 0; i < pages; i++)
            Table.Append();
        for (int group = 0; group < first.Length; group++)
        {
            Table.DropBefore(group, first[group]);
            for (int i = first[group]; i < pages; i++)
            {
                if (!_pool.TryRent(group, _meter, out int page))
                    throw _pool.Exhausted();
                Table.Set(group, i, page);
                ReadExactly(stream, _pool.Groups[group].Bytes(page));
            }
        }
        Length = length;
    }

    /// <summary>A copy of the last page, its positions past the length zero: they may hold what another branch wrote.</summary>
    private byte[] WithoutRest(ReadOnlySpan<byte> page, int layers)
    {
        byte[] copy = page.ToArray();
        var layout = _pool.Layout;
        var zeros = new float[layout.Head.Size];
        fixed (float* zero = zeros)
        fixed (byte* target = copy)
        {
            for (int head = 0; head < layers * layout.KvHeads; head++)
            {
                for (int slot = Length % Attention.PageTokens; slot < Attention.PageTokens; slot++)
                    KvEncoder.Store(layout.Head, target + (nint)head * layout.Head.Bytes, slot, zero, zero);
            }
        }
        return copy;
    }

    private static void WriteNumber(Stream stream, int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        stream.Write(bytes);
    }

    private static int ReadNumber(Stream stream, string name, int least, int most)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        ReadExactly(stream, bytes);
        int number = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (number >= least && number <= most)
            return number;
        string expected = least == most ? $"{least}" : $"{least} to {most}";
        throw new SavedKvException($"The saved KV memory's {name} is {number}; expected {expected}. It is damaged or of another model or KV format.");
    }

    private static void ReadExactly(Stream stream, Span<byte> bytes)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new SavedKvException("The saved KV memory ends too early.");
    }
}
