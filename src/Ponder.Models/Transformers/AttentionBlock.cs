using Ponder.Models.Configuration;
using Ponder.Numerics.Kernels;

namespace Ponder.Models.Transformers;

/// <summary>Attention of one layer: projections, norms of queries and keys, rotation, the KV pages.</summary>
internal sealed unsafe class AttentionBlock
{
    private readonly ModelConfig _config;
    private readonly Compute _compute;
    private readonly Linear _q, _k, _v, _output;
    private readonly Norm? _qNorm, _kNorm;
    private readonly RotaryEmbedding? _rope;
    private readonly AttentionShape _shape;
    private readonly int _layer;

    public AttentionBlock(Compute compute, WeightSource source, ModelConfig config, int layer, RotaryEmbedding? rope)
    {
        _config = config;
        _compute = compute;
        _rope = rope;
        string name = $"blk.{layer}.";
        int q = config.Heads * config.HeadSize, kv = config.KvHeads * config.HeadSize;
        if (config.Architecture.FusedQkv)
        {
            var qkv = Linear.Load(compute, source, name + "attn_qkv", q + 2 * kv, config.Width);
            (_q, _k, _v) = (qkv.Slice(0, q), qkv.Slice(q, kv, fine: true), qkv.Slice(q + kv, kv, fine: true));
        }
        else
        {
            _q = Linear.Load(compute, source, name + "attn_q", q, config.Width);
            _k = Linear.Load(compute, source, name + "attn_k", kv, config.Width, fine: true);
            _v = Linear.Load(compute, source, name + "attn_v", kv, config.Width, fine: true);
        }
        _output = Linear.Load(compute, source, name + "attn_output", config.Width, q);
        if (config.Architecture.QkNorm != QkNormKind.None)
        {
            bool perHead = config.Architecture.QkNorm == QkNormKind.PerHead;
            _qNorm = Norm.Load(compute, source, config, name + "attn_q_norm", perHead ? config.HeadSize : q);
            _kNorm = Norm.Load(compute, source, config, name + "attn_k_norm", perHead ? config.HeadSize : kv);
        }
        _shape = new AttentionShape(
            config.Heads, config.KvHeads, config.HeadSize, config.AttentionScale, config.AttentionSoftcap, config.Layers[layer].Window, config.Architecture.Causal,
            KvFormat.F32);
        _layer = layer;
    }

    /// <summary>The layers, to repack their weights.</summary>
    public IEnumerable<Linear> Linears => [_q, _k, _v, _output];

    /// <summary>In what form the block reads its input.</summary>
    public InputNeeds Needs => Linear.NeedsOf(_q, _k, _v);

    /// <summary>x: [T, d] to h: [T, d]; keys and values join the pages.</summary>
    public void Apply(in Activations x, Batch batch, Workspace space, float* h)
    {
        int rows = batch.Rows;
        Linear.Apply(x, _q, space.Q, _k, space.K, _v, space.V);         // q: [T, heads * headSize], k and v: [T, kvHeads * headSize]
        _compute.Profile?.Mark(StepPart.QueryKeyValue);
        bool perHead = _config.Architecture.QkNorm == QkNormKind.PerHead;
        _qNorm?.Apply(space.Q, perHead ? rows * _config.Heads : rows, space.Q);
        _kNorm?.Apply(space.K, perHead ? rows * _config.KvHeads : rows, space.K);
        var layout = space.KvLayout;
        nint layerOffset = layout.OffsetOf(_layer);
        var spans = batch.Spans(layout.GroupOf(_layer));
        RotateAndStore.Apply(_compute.Pool, _compute.Width, _config, _rope, layout, layerOffset, spans, space.Q, space.K, space.V);
        _compute.Profile?.Mark(StepPart.RotateAndStore);
        Attention.Apply(
            _compute.Pool, _compute.Width, space.AttentionPlan, _shape with { Format = layout.Format }, spans, layerOffset, space.Q, space.Attended);
        _compute.Profile?.Mark(StepPart.Attention);
        var attended = new Activations(_compute, space.Attended, rows, _config.Heads * _config.HeadSize, space.Prepared, _output.Needs);
        _compute.ForRows(rows, new PrepareRow(attended));
        _output.Apply(attended, h);                             // [T, d]
        _compute.Profile?.Mark(StepPart.AttentionOutput);
    }

    private readonly struct PrepareRow(Activations activations) : IRowBody
    {
        public void Run(int row) => activations.Prepare(row);
    }
}
