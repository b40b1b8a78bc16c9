using Ponder.Inference.Kv;
using Ponder.Models.Configuration;
using Ponder.Models.Safetensors;
using Ponder.Models.Transformers;
using Ponder.Numerics.CodeGen;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;
using Ponder.TestSupport;
using Xunit.Abstractions;

namespace Ponder.Inference.Tests.Kv;

public sealed unsafe class WindowTests(ITestOutputHelper output) : IDisposable
{
    private const int Text = 500;

    private readonly WorkerPool _workers = new(2);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(24)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(300)]
    public void Attention_never_touches_pages_before_the_first_needed_one(int window)
    {
        // A page that is not there has the address 0: touching it ends the test run.
        const int Heads = 4, KvHeads = 2, Size = 8, Length = 800;
        var layout = new KvLayout([window], KvHeads, Size, KvFormat.F32);
        var shape = new AttentionShape(Heads, KvHeads, Size, 0.3f, 0, window, Causal: true, KvFormat.F32);
        int pages = KvLayout.PagesFor(Length);
        using var memory = new NativeBuffer<byte>(pages * layout.BytesPerPage);
        var random = new Random(window);
        foreach (ref float value in new Span<float>(memory.Pointer, (int)(memory.Length / sizeof(float))))
            value = random.NextSingle() - 0.5f;
        using NativeBuffer<nint> all = new(pages), needed = new(pages);
        for (int i = 0; i < pages; i++)
            all.Span[i] = (nint)(memory.Pointer + i * layout.BytesPerPage);
        using NativeBuffer<float> q = new(300 * Heads * Size), expected = new(q.Length), actual = new(q.Length);
        foreach (ref float value in q.Span)
            value = random.NextSingle() - 0.5f;
        using var plan = new AttentionPlan();
        foreach (var width in VectorWidths.Available)
        {
            foreach (var (position, rows) in (List<(int, int)>)[(0, 300), (17, 1), (255, 1), (256, 1), (256, 40), (272, 1), (500, 300), (511, 2), (799, 1), (780, 20)])
            {
                all.Span.CopyTo(needed.Span);
                needed.Span[..layout.Groups[0].FirstNeededPage(position)].Clear();
                var span = new AttentionSpan(0, rows, position, position + rows, (nint)all.Pointer);
                Attention.Apply(_workers, width, plan, shape, [span], 0, q.Pointer, expected.Pointer);
                Attention.Apply(_workers, width, plan, shape, [span with { Pages = (nint)needed.Pointer }], 0, q.Pointer, actual.Pointer);
                int values = rows * Heads * Size;
                actual.Span[..values].SequenceEqual(expected.Span[..values]).ShouldBeTrue($"{width}, position {position}, {rows} rows");
            }
        }
    }

    [SharedTheory]
    [InlineData("mistral-window", 1)]
    [InlineData("gemma2", 2)]
    [InlineData("gemma3", 2)]
    public void Long_texts_give_the_same_outputs_with_pages_let_go(string model, int groups)
    {
        using var loaded = new Model(model, _workers);
        loaded.Transformer.KvLayout.Groups.Count.ShouldBe(groups);
        float[] expected = loaded.Run(loaded.Everything(), 0, Text);
        using var pool = new KvPool(loaded.Transformer.KvLayout, long.MaxValue);
        foreach (int chunk in (int[])[1, 7, 64, 256])
        {
            using var sequence = pool.Create();
            var outputs = new List<float>();
            while (sequence.Length < Text)
            {
                outputs.AddRange(loaded.Extend(sequence, Math.Min(chunk, Text - sequence.Length)));
                int bound = (24 + chunk) / 16 + 3;
                foreach (var group in pool.Groups.Where(group => group.Group.Window > 0))
                    group.InUse.ShouldBeLessThanOrEqualTo(bound);
            }
            outputs.ToArray().AsSpan().SequenceEqual(expected).ShouldBeTrue($"in pieces of {chunk}");
        }
        output.WriteLine($"{model}: {pool.AllocatedBytes / 1024} KiB at most, {Text / 16 * loaded.Transformer.KvLayout.BytesPerPage / 1024} KiB without windows");
    }

    [SharedTheory]
    [InlineData("mistral-window")]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    public void A_text_goes_on_from_every_prefix_that_was_published(string model)
    {
        using var loaded = new Model(model, _workers);
        float[] expected = loaded.Run(loaded.Everything(), 0, Text);
        int outputs = expected.Length / Text;
        var layout = loaded.Transformer.KvLayout;
        using var pool = new KvPool(layout, 40 * layout.BytesPerPage);
        using (var first = pool.Create())
        {
            while (first.Length < Text)
            {
                loaded.Extend(first, Math.Min(50, Text - first.Length));
                first.Publish(loaded.Tokens.AsSpan(0, first.Length), false);
            }
        }
        foreach (int length in (int[])[16, 128, 250, 496])
        {
            using var sequence = pool.Create();
            sequence.Adopt(loaded.Tokens.AsSpan(0, length), false).ShouldBe(length / 16 * 16);
            int from = sequence.Length, count = Math.Min(40, Text - from);
            loaded.Extend(sequence, count).AsSpan().SequenceEqual(expected.AsSpan(from * outputs, count * outputs)).ShouldBeTrue($"from {from}");
            sequence.Truncate(from);
            sequence.Length.ShouldBe(from, "before the last extension one can always go back");
            using var fork = sequence.Fork();
            loaded.Extend(fork, 3).AsSpan().SequenceEqual(expected.AsSpan(from * outputs, 3 * outputs)).ShouldBeTrue($"again from {from}");
        }
    }

    [Fact]
    public void Pages_out_of_sight_are_free_for_others_and_going_back_to_them_starts_anew()
    {
        var layout = new KvLayout([32, 32], 1, 1, KvFormat.F32);
        using var pool = new KvPool(layout, 6 * layout.BytesPerPage);
        using var sequence = pool.Create();
        for (int i = 0; i < 1000; i++)
            sequence.Extend(1);
        (sequence.Length, pool.InUse).ShouldBe((1000, 3));
        pool.CanHold(1_000_000, chunk: 16).ShouldBeTrue();
        pool.CanHold(1000).ShouldBeFalse();
        sequence.Truncate(999);
        sequence.Length.ShouldBe(999);
        sequence.Truncate(900);
        (sequence.Length, pool.InUse).ShouldBe((0, 0));
    }

    [Fact]
    public void A_hit_ends_where_layers_with_a_window_can_go_on()
    {
        var layout = new KvLayout([0, 32], 1, 1, KvFormat.F32);
        int[] text = [.. Enumerable.Range(0, 160)];
        using var pool = new KvPool(layout, long.MaxValue);
        using (var once = pool.Create())
        {
            for (int i = 0; i < 160; i++)
                once.Extend(1);
            once.Publish(text, false);                          // pages before the window are gone by now
        }
        using KvSequence whole = pool.Create(), part = pool.Create();
        part.Adopt(text.AsSpan(0, 96), false).ShouldBe(0);
        whole.Adopt(text, false).ShouldBe(160);
        whole.Dispose();
        using (var early = pool.Create())
        {
            early.Extend(96);
            early.Publish(text, false);                         // brings them back
        }
        part.Adopt(text.AsSpan(0, 100), false).ShouldBe(96);
    }

    [Fact]
    public void One_group_of_layers_can_have_the_memory_that_another_no_longer_needs()
    {
        var layout = new KvLayout([0, 16, 16, 16], 1, 512, KvFormat.F32);
        using var pool = new KvPool(layout, 8 * layout.BytesPerPage);
        using (var wide = pool.Create())
            wide.Extend(8 * 16);
        using var sequence = pool.Create();
        while (sequence.TryExtend(1))
            pool.AllocatedBytes.ShouldBeLessThanOrEqualTo(pool.MemoryLimit);
        sequence.Length.ShouldBeGreaterThan(20 * 16);
    }

    public void Dispose() => _workers.Dispose();

    /// <summary>A tiny model of the conformance set with a text of its own.</summary>
    private sealed class Model : IDisposable
    {
        private readonly SafetensorsFile _file;
        private readonly List<NativeBuffer<byte>> _memory = [];
        private readonly PageTable _everything;

        public Model(string name, WorkerPool workers)
        {
            _file = SafetensorsFile.Open(SharedData.Path("data", "conformance", name, "model.safetensors"));
            var config = HuggingFaceConfig.Read(SharedData.Path("data", "conformance", name, "config.json"));
            Transformer = new Transformer(config, _file, false, workers, ExecutionPath.Portable(VectorWidths.Current));
            var random = new Random(1);
            Tokens = [.. Enumerable.Range(0, Text).Select(_ => random.Next(config.Vocabulary))];
            _everything = new PageTable(Transformer.KvLayout.Groups.Count);
        }

        public Transformer Transformer { get; }

        public int[] Tokens { get; }

        /// <summary>Pages for the whole text, none of which is ever let go.</summary>
        public PageTable Everything()
        {
            while (_everything.Count < KvLayout.PagesFor(Text))
            {
                _everything.Add(0);
                for (int group = 0; group < _everything.Groups; group++)
                {
                    _memory.Add(new NativeBuffer<byte>(Transformer.KvLayout.Groups[group].BytesPerPage));
                    _everything[group, _everything.Count - 1] = (nint)_memory[^1].Pointer;
                }
            }
            return _everything;
        }

        public float[] Extend(KvSequence sequence, int tokens)
        {
            int position = sequence.Length;
            sequence.Extend(tokens);
            return Run(sequence.Pages, position, tokens);
        }

        public float[] Run(PageTable pages, int position, int tokens)
        {
            var batch = new Batch();
            batch.Add(Tokens.AsSpan(position, tokens), position, pages, false, OutputRows.All);
            var outputs = new float[tokens * Transformer.Config.Outputs];
            Transformer.Forward(batch, outputs);
            return outputs;
        }

        public void Dispose()
        {
            Transformer.Dispose();
            _everything.Dispose();
            _memory.ForEach(page => page.Dispose());
            _file.Dispose();
        }
    }
}
