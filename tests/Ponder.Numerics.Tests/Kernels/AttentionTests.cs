using FsCheck;
using FsCheck.Fluent;
using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Tests.Kernels;

public sealed unsafe class AttentionTests : IDisposable
{
    private readonly WorkerPool[] _pools = [new(1), new(2), new(3)];

    /// <summary>A batch of sequences, each with keys that were there before and queries.</summary>
    private sealed record Case(AttentionShape Shape, (int Before, int Rows)[] Sequences, int Seed)
    {
        public override string ToString() => $"{Shape} [{string.Join(", ", Sequences)}] seed {Seed}";
    }

    private static readonly Arbitrary<Case> Cases = (
        from kvHeads in Gen.Choose(1, 3)
        from groupSize in Gen.Choose(1, 4)
        from headSize in Gen.Elements(1, 3, 8, 16, 20, 24, 32, 64)
        from softcap in Gen.Elements(0f, 0f, 5f)
        from window in Gen.Elements(0, 0, 1, 7, 16, 33)
        from causal in Gen.Elements(true, true, false)
        from sequences in (from before in Gen.Choose(0, 50) from rows in Gen.Choose(1, 40) select (causal ? before : 0, rows)).ArrayOf(3)
        from seed in Gen.Choose(0, 1_000_000)
        select new Case(new AttentionShape(kvHeads * groupSize, kvHeads, headSize, 1 / MathF.Sqrt(headSize), softcap, window, causal), sequences, seed))
        .ToArbitrary();

    [Fact]
    public void Every_width_and_number_of_threads_agrees_with_the_scalar_reference() =>
        Prop.ForAll(Cases, example =>
        {
            using var input = new Input(example);
            float[] expected = input.Run(_pools[0], VectorWidth.Scalar);
            foreach (var width in VectorWidths.Available.Skip(1))
            {
                float[] actual = input.Run(_pools[0], width);
                for (int i = 0; i < expected.Length; i++)
                    actual[i].ShouldBe(expected[i], 5e-6, $"{example} {width} value {i}");
                input.Run(_pools[1], width).ShouldBe(actual, $"{example} {width} 2 threads");
                input.Run(_pools[2], width).ShouldBe(actual, $"{example} {width} 3 threads");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void A_query_has_the_same_bits_alone_and_in_company() =>
        Prop.ForAll(Cases, example =>
        {
            if (!example.Shape.Causal)
                return;                                         // an encoder's text always comes in one go
            using var input = new Input(example);
            foreach (var width in VectorWidths.Available)
                input.RunOneByOne(_pools[1], width).ShouldBe(input.Run(_pools[1], width), $"{example} {width}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Scores_far_apart_and_far_from_zero_do_not_overflow()
    {
        var example = new Case(new AttentionShape(2, 1, 16, 1, 0, 0, true), [(30, 5)], 3);
        using var input = new Input(example, scale: 60);        // scores of some thousands: e^score is beyond float64
        float[] expected = input.Run(_pools[0], VectorWidth.Scalar);
        foreach (var width in VectorWidths.Available)
        {
            float[] actual = input.Run(_pools[0], width);
            for (int i = 0; i < expected.Length; i++)
                actual[i].ShouldBe(expected[i], 0.05, $"{width} value {i}");
        }
    }

    public void Dispose() => Array.ForEach(_pools, pool => pool.Dispose());

    /// <summary>Pages of two layers of which the second is computed; positions that hold no key yet are NaN.</summary>
    private sealed class Input : IDisposable
    {
        private readonly Case _case;
        private readonly List<NativeBuffer<float>> _pages = [];
        private readonly List<NativeBuffer<nint>> _tables = [];
        private readonly Guarded _q;
        private readonly int _layer;

        public Input(Case example, float scale = 1)
        {
            _case = example;
            var shape = example.Shape;
            var random = new Random(example.Seed);
            _layer = 2 * shape.KvHeads * Attention.PageTokens * shape.HeadSize;
            _q = Guarded.Random(random, Rows * shape.Heads * shape.HeadSize, scale);
            foreach (var (before, rows) in example.Sequences)
                AddSequence(random, before + rows, scale);
        }

        private int Rows => _case.Sequences.Sum(s => s.Rows);

        public float[] Run(WorkerPool pool, VectorWidth width)
        {
            var spans = new List<AttentionSpan>();
            int row = 0;
            for (int i = 0; i < _tables.Count; i++)
            {
                var (before, rows) = _case.Sequences[i];
                spans.Add(new AttentionSpan(row, rows, before, before + rows, (nint)_tables[i].Pointer));
                row += rows;
            }
            using var output = new Guarded(_q.Length);
            Attention.Apply(pool, width, _case.Shape, spans.ToArray(), _layer, _q.Pointer, output.Pointer);
            return output.Checked();
        }

        public float[] RunOneByOne(WorkerPool pool, VectorWidth width)
        {
            using var output = new Guarded(_q.Length);
            int row = 0;
            for (int i = 0; i < _tables.Count; i++)
            {
                var (before, rows) = _case.Sequences[i];
                for (int j = 0; j < rows; j++)
                {
                    AttentionSpan[] one = [new(row++, 1, before + j, before + j + 1, (nint)_tables[i].Pointer)];
                    Attention.Apply(pool, width, _case.Shape, one, _layer, _q.Pointer, output.Pointer);
                }
            }
            return output.Checked();
        }

        public void Dispose()
        {
            _q.Dispose();
            _pages.ForEach(page => page.Dispose());
            _tables.ForEach(table => table.Dispose());
        }

        private void AddSequence(Random random, int length, float scale)
        {
            var shape = _case.Shape;
            int pages = (length + Attention.PageTokens - 1) / Attention.PageTokens;
            var table = new NativeBuffer<nint>(pages);
            _tables.Add(table);
            for (int p = 0; p < pages; p++)
            {
                var page = new NativeBuffer<float>(2 * _layer);
                _pages.Add(page);
                page.Span.Fill(float.NaN);
                table.Span[p] = (nint)page.Pointer;
                for (int head = 0; head < 2 * shape.KvHeads; head++)
                {
                    for (int slot = 0; slot < Math.Min(Attention.PageTokens, length - p * Attention.PageTokens); slot++)
                    {
                        foreach (ref float value in page.Span.Slice(_layer + (head * Attention.PageTokens + slot) * shape.HeadSize, shape.HeadSize))
                            value = (float)(random.NextDouble() * 2 - 1) * scale;
                    }
                }
            }
        }
    }
}
