using Ponder.Numerics.Kernels;
using Ponder.Numerics.Memory;
using Ponder.Numerics.Workers;

namespace Ponder.Numerics.Tests.Kernels;

/// <summary>A batch of sequences, each with keys that were there before and queries.</summary>
internal sealed record AttentionCase(AttentionShape Shape, (int Before, int Rows)[] Sequences, int Seed)
{
    public override string ToString() => $"{Shape} [{string.Join(", ", Sequences)}] seed {Seed}";
}

/// <summary>Queries, and pages of two layers of which the second is computed; positions that hold no key yet are NaN.</summary>
internal sealed unsafe class AttentionInput : IDisposable
{
    private readonly AttentionCase _case;
    private readonly List<NativeBuffer<byte>> _pages = [];
    private readonly List<NativeBuffer<nint>> _tables = [];
    private readonly AttentionPlan _plan = new();
    private readonly Guarded _q;
    private readonly int _layerBytes;
    private readonly float _scale;

    /// <param name="example">The batch.</param>
    /// <param name="prefix">Positions at the beginning that hold the same in all sequences.</param>
    /// <param name="sharesPages">Whole pages of the prefix are the same for all, not copies.</param>
    /// <param name="scale">Largest magnitude of the values.</param>
    public AttentionInput(AttentionCase example, int prefix = 0, bool sharesPages = false, float scale = 1)
    {
        _case = example;
        _scale = scale;
        _layerBytes = example.Shape.KvHeads * example.Shape.KvHead.Bytes;
        var random = new Random(example.Seed);
        _q = Guarded.Random(random, example.Sequences.Sum(s => s.Rows) * example.Shape.Heads * example.Shape.HeadSize, scale);
        foreach (var (before, rows) in example.Sequences)
            AddSequence(before + rows, prefix, sharesPages);
    }

    public AttentionSpan[] Spans
    {
        get
        {
            int row = 0;
            return [.. _case.Sequences.Select((s, i) => new AttentionSpan((row += s.Rows) - s.Rows, s.Rows, s.Before, s.Before + s.Rows, (nint)_tables[i].Pointer))];
        }
    }

    public float[] Run(WorkerPool pool, VectorWidth width)
    {
        using var output = new Guarded(_q.Length);
        Attention.Apply(pool, width, _plan, _case.Shape, Spans, _layerBytes, _q.Pointer, output.Pointer);
        return output.Checked();
    }

    /// <summary>The same, a few tokens of one sequence at a time, which do not see those after them.</summary>
    public float[] RunInPieces(WorkerPool pool, VectorWidth width, int piece)
    {
        using var output = new Guarded(_q.Length);
        foreach (var span in Spans)
        {
            for (int done = 0; done < span.Rows; done += piece)
            {
                int rows = Math.Min(piece, span.Rows - done), position = span.FirstPosition + done;
                AttentionSpan[] part = [new(span.FirstRow + done, rows, position, position + rows, span.Pages)];
                Attention.Apply(pool, width, _plan, _case.Shape, part, _layerBytes, _q.Pointer, output.Pointer);
            }
        }
        return output.Checked();
    }

    public void Dispose()
    {
        _q.Dispose();
        _plan.Dispose();
        _pages.ForEach(page => page.Dispose());
        _tables.ForEach(table => table.Dispose());
    }

    private void AddSequence(int length, int prefix, bool sharesPages)
    {
        int pages = (length + Attention.PageTokens - 1) / Attention.PageTokens;
        var table = new NativeBuffer<nint>(pages);
        for (int p = 0; p < pages; p++)
        {
            bool isShared = sharesPages && (p + 1) * Attention.PageTokens <= prefix && _tables.Count > 0;
            table.Span[p] = isShared ? _tables[0].Span[p] : AddPage(p * Attention.PageTokens, length, prefix);
        }
        _tables.Add(table);
    }

    private nint AddPage(int start, int length, int prefix)
    {
        var head = _case.Shape.KvHead;
        var page = new NativeBuffer<byte>(2 * _layerBytes);
        _pages.Add(page);
        page.Span.Fill(0xFF);                                   // NaN in every format
        float* row = stackalloc float[2 * head.Size];
        for (int position = start; position < Math.Min(start + Attention.PageTokens, length); position++)
        {
            int owner = position < prefix ? 0 : _tables.Count + 1;
            var random = new Random(_case.Seed + 7919 * position + 104_729 * owner);
            for (int h = 0; h < _case.Shape.KvHeads; h++)
            {
                for (int c = 0; c < 2 * head.Size; c++)
                    row[c] = (float)(random.NextDouble() * 2 - 1) * _scale;
                KvEncoder.Store(head, page.Pointer + _layerBytes + h * head.Bytes, position % Attention.PageTokens, row, row + head.Size);
            }
        }
        return (nint)page.Pointer;
    }
}
