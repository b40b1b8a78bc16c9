using Ponder.Inference.Kv;
using Ponder.Models.Transformers;
using Ponder.Numerics.Kernels;

namespace Ponder.Inference.Tests.Kv;

public sealed unsafe class SavedKvTests
{
    [Theory]
    [InlineData(KvFormat.F32)]
    [InlineData(KvFormat.F16)]
    [InlineData(KvFormat.BF16)]
    [InlineData(KvFormat.Int8)]
    public void What_was_written_is_read_again(KvFormat format)
    {
        var layout = new KvLayout([0, 24, 0], 2, 4, format);
        using KvPool pool = new(layout, long.MaxValue), other = new(layout, long.MaxValue);
        using var sequence = Sequence(pool, 101);
        byte[] saved = Save(sequence);
        var meter = new KvMeter();
        using var again = KvSequence.Read(other, new MemoryStream(saved), 101, meter);
        (again.Length, again.Pages.Count, meter.Pages).ShouldBe((101, 7, other.InUse));
        Save(again).ShouldBe(saved);
        float[] garbage = [1, 2, 3, 4];
        fixed (float* values = garbage)
            KvEncoder.Store(layout.Head, (byte*)again.Pages[0, 6], 101 % 16, values, values);
        Save(again).ShouldBe(saved, "what lies past the end is not saved");
        fixed (float* values = garbage)
            KvEncoder.Store(layout.Head, (byte*)again.Pages[0, 6], 100 % 16, values, values);
        Save(again).ShouldNotBe(saved);
    }

    [Fact]
    public void An_empty_sequence_can_be_saved()
    {
        using var pool = new KvPool(new KvLayout([0, 24], 1, 2, KvFormat.F32), long.MaxValue);
        using var sequence = pool.Create();
        using var again = KvSequence.Read(pool, new MemoryStream(Save(sequence)), 0);
        (again.Length, pool.InUse).ShouldBe((0, 0));
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_hold_no_memory()
    {
        var layout = new KvLayout([0, 24], 1, 2, KvFormat.F32);
        using var pool = new KvPool(layout, long.MaxValue);
        byte[] saved;
        using (var sequence = Sequence(pool, 100))
            saved = Save(sequence);
        for (int end = 0; end < saved.Length; end += 13)
            Refused(saved[..end]);
        for (int number = 0; number < 10; number++)
        {
            foreach (int wrong in (int[])[-1, int.MinValue, int.MaxValue, 1000])
            {
                byte[] damaged = [.. saved];
                BitConverter.TryWriteBytes(damaged.AsSpan(number * sizeof(int)), wrong).ShouldBeTrue();
                Refused(damaged);
            }
        }
        Should.Throw<SavedKvException>(() => KvSequence.Read(pool, new MemoryStream(saved), 99)).Message.ShouldContain("length is 100");

        void Refused(byte[] bytes)
        {
            Should.Throw<SavedKvException>(() => KvSequence.Read(pool, new MemoryStream(bytes), 100));
            pool.InUse.ShouldBe(0);
        }
    }

    [Fact]
    public void Another_layout_or_too_little_memory_is_refused()
    {
        var layout = new KvLayout([0, 24], 1, 2, KvFormat.F32);
        using KvPool pool = new(layout, long.MaxValue), small = new(layout, 4 * layout.BytesPerPage);
        using KvPool other = new(new KvLayout([0, 32], 1, 2, KvFormat.F32), long.MaxValue), one = new(new KvLayout(2, 1, 2, KvFormat.F32), long.MaxValue);
        using var sequence = Sequence(pool, 100);
        byte[] saved = Save(sequence);
        Should.Throw<SavedKvException>(() => KvSequence.Read(other, new MemoryStream(saved), 100)).Message.ShouldContain("window");
        Should.Throw<SavedKvException>(() => KvSequence.Read(one, new MemoryStream(saved), 100)).Message.ShouldContain("groups");
        Should.Throw<KvMemoryException>(() => KvSequence.Read(small, new MemoryStream(saved), 100));
        small.InUse.ShouldBe(0);
    }

    private static KvSequence Sequence(KvPool pool, int tokens)
    {
        var sequence = pool.Create();
        var random = new Random(tokens);
        while (sequence.Length < tokens)
        {
            sequence.Extend(Math.Min(20, tokens - sequence.Length));
            for (int group = 0; group < sequence.Pages.Groups; group++)
            {
                nint last = sequence.Pages[group, sequence.Pages.Count - 1];
                random.NextBytes(new Span<byte>((void*)last, (int)pool.Layout.Groups[group].BytesPerPage));
            }
        }
        return sequence;
    }

    private static byte[] Save(KvSequence sequence)
    {
        using var stream = new MemoryStream();
        sequence.Write(stream);
        return stream.ToArray();
    }
}
